import { stringify } from 'csv-stringify/sync';
import { metricNames, metrics } from '../../evaluate/metrics.js';
import { testColumns, testFields, yesOrNo } from './test-fields.js';
import type { Results, ZeroTest } from '../../results/results.js';

const columns = [
  'data_set',
  'metric',
  'unit',
  'model',
  'loss',
  'grid',
  'mean',
  'mean_on_other_grid',
  'mean_true_volume',
  'mean_unpredictable_volume',
  'cases',
  'participants',
  ...testColumns,
  'adjusted_p',
  'equivalence_margin',
  'equivalence_p',
  'equivalent',
  'theory_bias',
  'theory_bias_expected',
  'mark',
  'missing_folds',
];

const untested = new Array<undefined>(12).fill(undefined);

/**
 * Table 1 in machine-readable form: one line per cell, numbers in full precision, RFC 4180 with line feeds. The mean is
 * on `grid`, beside it that on the other one. Tests are those of the volume errors against 0; what is not possible is empty. `equivalent` is yes or no; `mark` is over,
 * under, better or empty; missing folds are separated by spaces.
 */
export function table1Csv({ dataSets, grid }: Results): string {
  const lines = dataSets.flatMap(({ name, unit, arms }) =>
    metricNames.flatMap((metric) =>
      arms.map(({ model, loss, cases, participants, missingFolds, theoryBias, cells, otherGrid, ...volumes }) => {
        const { mean, againstZero, mark } = cells[metric];
        return [
          ...[name, metric, metrics[metric].better === 'zero' ? unit : '', model, loss],
          ...[grid, mean, otherGrid?.means[metric]],
          ...[volumes.meanTruthVolume, volumes.meanUnpredictableVolume, cases, participants],
          ...(againstZero === null ? untested : zeroTestFields(againstZero)),
          ...(metric === 'volumeError' ? [theoryBias?.realised, theoryBias?.expected] : [undefined, undefined]),
          mark.bias ?? (mark.better ? 'better' : ''),
          missingFolds.join(' '),
        ];
      }),
    ),
  );
  return stringify([columns, ...lines]);
}

function zeroTestFields(test: ZeroTest): (string | number | null | undefined)[] {
  const { adjustedPValue, equivalence } = test;
  return [
    ...testFields(test),
    ...[adjustedPValue, equivalence?.margin, equivalence?.pValue, equivalence && yesOrNo(equivalence.holds)],
  ];
}
