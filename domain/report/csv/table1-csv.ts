import { stringify } from 'csv-stringify/sync';
import { metricNames, metrics } from '../../evaluate/metrics.js';
import type { Results } from '../../results/results.js';

const columns = [
  'data_set',
  'metric',
  'unit',
  'model',
  'loss',
  'grid',
  'mean',
  'mean_on_other_grid',
  'cases',
  'participants',
  'interval_low',
  'interval_high',
  'p_against_zero',
  'mark',
  'missing_folds',
];

/**
 * Table 1 in machine-readable form: one line per cell, numbers in full precision, RFC 4180 with line feeds. The mean is
 * on `grid`, beside it that on the other one. Interval and p-value refer to the test of the volume errors against 0. `mark` is over, under, better or empty; missing folds
 * are separated by spaces.
 */
export function table1Csv({ dataSets, grid }: Results): string {
  const lines = dataSets.flatMap(({ name, unit, arms }) =>
    metricNames.flatMap((metric) =>
      arms.map(({ model, loss, cases, participants, missingFolds, cells, otherGrid }) => {
        const { mean, againstZero, mark } = cells[metric];
        return [
          ...[name, metric, metrics[metric].better === 'zero' ? unit : '', model, loss],
          ...[grid, mean, otherGrid?.means[metric], cases, participants],
          ...[againstZero?.interval?.[0], againstZero?.interval?.[1], againstZero?.pValue],
          mark.bias ?? (mark.better ? 'better' : ''),
          missingFolds.join(' '),
        ];
      }),
    ),
  );
  return stringify([columns, ...lines]);
}
