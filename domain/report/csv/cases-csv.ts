import { stringify } from 'csv-stringify/sync';
import type { EvaluationRow } from '../../evaluate/evaluation-row.js';

const columns = [
  'dataSet',
  'model',
  'loss',
  'fold',
  'caseId',
  'participant',
  'crossEntropy',
  'softDiceScore',
  'dice',
  'truthVolume',
  'predictedVolume',
  'predictedVolumeThresholded',
  'volumeError',
  'unit',
] as const;

/** All rows of all cases for users' own analyses: RFC 4180 with line feeds, numbers in full precision. */
export function casesCsv(rows: readonly EvaluationRow[]): string {
  return stringify([columns, ...rows.map((row) => columns.map((column) => row[column]))]);
}
