import { stringify } from 'csv-stringify/sync';
import type { CaseMetrics } from '../../evaluate/evaluate-case.js';
import { otherGridOf, type ReportedRow } from '../../evaluate/evaluation-row.js';

const placeColumns = ['dataSet', 'model', 'loss', 'fold', 'caseId', 'participant'] as const;

const metricColumns = [
  'crossEntropy',
  'softDiceScore',
  'dice',
  'truthVolume',
  'predictedVolume',
  'predictedVolumeThresholded',
  'volumeError',
] as const satisfies readonly (keyof CaseMetrics)[];

const columns = [
  ...placeColumns,
  ...metricColumns,
  'unit',
  'grid',
  'otherGrid',
  ...metricColumns.map((column) => `other${column.charAt(0).toUpperCase()}${column.slice(1)}`),
  'predictedVolumeOutside',
];

/**
 * All rows of all cases for users' own analyses: RFC 4180 with line feeds, numbers in full precision. The metrics on the
 * other grid follow those on the evaluation's.
 */
export function casesCsv(rows: readonly ReportedRow[]): string {
  const lines = rows.map((row) => [
    ...placeColumns.map((column) => row[column]),
    ...metricColumns.map((column) => row[column]),
    ...[row.unit, row.grid, otherGridOf(row.grid)],
    ...metricColumns.map((column) => row.otherGrid[column]),
    row.predictedVolumeOutside,
  ]);
  return stringify([columns, ...lines]);
}
