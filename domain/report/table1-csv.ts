import { metricNames, metrics } from '../evaluate/metrics.js';
import { indexComparisons } from '../statistics/comparison-index.js';
import { csvField } from './csv-field.js';
import { marksOf } from './table1-marks.js';
import type { MarkedTable1 } from './table1-text.js';

const columns = [
  'data_set',
  'metric',
  'unit',
  'model',
  'loss',
  'mean',
  'cases',
  'participants',
  'interval_low',
  'interval_high',
  'p_against_zero',
  'mark',
  'missing_folds',
] as const;

/**
 * Table 1 for machines: one line a cell, numbers in full precision, RFC 4180 with line feeds. Interval and p are
 * those of the volume errors against 0. `mark` is over, under, better or empty; missing folds are separated by spaces.
 */
export function table1Csv({ table, comparisons }: Omit<MarkedTable1, 'significance'>): string {
  const index = indexComparisons(comparisons);
  const lines = [columns.join(',')];
  for (const dataSet of table.dataSets) {
    for (const metric of metricNames) {
      for (const arm of dataSet.arms) {
        const { model, loss } = arm;
        const test = index.againstZero({ dataSet: dataSet.name, model, loss }, metric);
        const { bias, better } = marksOf({ table, dataSet, arm, metric, comparisons: index });
        const values = [
          dataSet.name,
          metric,
          metrics[metric].better === 'zero' ? dataSet.unit : '',
          model,
          loss,
          arm.means?.[metric] ?? '',
          arm.cases,
          arm.participants,
          test?.interval?.[0] ?? '',
          test?.interval?.[1] ?? '',
          test?.pValue ?? '',
          bias ?? (better ? 'better' : ''),
          arm.missingFolds.join(' '),
        ];
        lines.push(values.map(csvField).join(','));
      }
    }
  }
  return lines.join('\n') + '\n';
}
