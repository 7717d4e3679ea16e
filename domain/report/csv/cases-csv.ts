import { stringify } from 'csv-stringify/sync';
import type { CaseMetrics } from '../../evaluate/evaluate-case.js';
import { caseScoreNames } from '../../evaluate/segmentation/score-means.js';
import { spreadsheetText } from './spreadsheet-text.js';
import { otherGridOf, type ReportedRow } from '../../evaluate/evaluation-row.js';

const armColumns = ['dataSet', 'model', 'loss', 'fold'] as const;
const caseColumns = ['caseId', 'participant'] as const;

const metricColumns = [
  'crossEntropy',
  'softDiceScore',
  'dice',
  'truthVolume',
  'unpredictableVolume',
  'predictedVolume',
  'predictedVolumeThresholded',
  'volumeError',
] as const satisfies readonly (keyof CaseMetrics)[];

const valueColumns = [
  ...metricColumns,
  'unit',
  'grid',
  'otherGrid',
  ...metricColumns.map((column) => `other${column.charAt(0).toUpperCase()}${column.slice(1)}`),
  'predictedVolumeOutside',
  ...caseScoreNames,
];

/**
 * All rows of all cases for users' own analyses: RFC 4180 with line feeds, numbers in full precision. The metrics on the
 * other grid follow those on the evaluation's, and the other metrics of the native grid, empty where they are not defined. A sweep with repeats has a column for them.
 */
export function casesCsv(rows: readonly ReportedRow[], repeats: number): string {
  const repeated = repeats > 1;
  const columns = [...armColumns, ...(repeated ? ['repeat'] : []), ...caseColumns, ...valueColumns];
  const lines = rows.map((row) => [
    ...armColumns.map((column) => row[column]),
    ...(repeated ? [row.repeat ?? 0] : []),
    ...caseColumns.map((column) => spreadsheetText(row[column])),
    ...metricColumns.map((column) => row[column]),
    ...[row.unit, row.grid, otherGridOf(row.grid)],
    ...metricColumns.map((column) => row.otherGrid[column]),
    row.predictedVolumeOutside,
    ...caseScoreNames.map((column) => row.scores[column]),
  ]);
  return stringify([columns, ...lines]);
}
