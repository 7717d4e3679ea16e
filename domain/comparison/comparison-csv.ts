import { stringify } from 'csv-stringify/sync';

import { metrics } from '../evaluate/metrics.js';
import { testColumns, testFields } from '../report/csv/test-fields.js';
import type { SweepComparison } from './sweep-comparison.js';

const columns = [
  'data_set',
  'metric',
  'unit',
  'model',
  'loss',
  'grid',
  'cases',
  'participants',
  'mean_a',
  'mean_b',
  'difference',
  ...testColumns,
];

/** One line for each arm and metric, numbers in full precision, RFC 4180 with line feeds. What is not possible is empty. */
export function comparisonCsv({ grid, dataSets }: SweepComparison): string {
  const lines = dataSets.flatMap(({ name, unit, arms }) =>
    arms.flatMap(({ model, loss, cases, participants, measures }) =>
      measures.map(({ metric, a, b, difference, ...tests }) => [
        ...[name, metric, metrics[metric].better === 'zero' ? unit : '', model, loss, grid, cases, participants],
        ...[a, b, difference, ...testFields(tests)],
      ]),
    ),
  );
  return stringify([columns, ...lines]);
}
