import { metricNames, type MetricName } from '../../evaluate/metrics.js';
import type { PreparedDataSet } from '../results-input.js';
import type { ResultsArm } from '../results.js';
import { published, publishedArms, type PaperDataSet } from './published.js';

/** A data set's means and the paper's. */
export interface PaperComparison {
  readonly dataSet: PaperDataSet;
  /** Cases of the paper's data set. */
  readonly cases: number;
  /** Of the arms that both have, ordered by model, loss and metric. */
  readonly means: readonly PaperMean[];
}

/** A mean of Table 1 that the paper reports too. */
export interface PaperMean {
  readonly model: string;
  readonly loss: string;
  readonly metric: MetricName;
  readonly paper: number;
  /** This sweep's mean; null without cases. */
  readonly own: number | null;
  /** own − paper. */
  readonly difference: number | null;
}

/** null unless the paper used this data set, and in another unit. */
export function besidePaper(
  { paperDataSet, unit }: Pick<PreparedDataSet, 'paperDataSet' | 'unit'>,
  arms: readonly Pick<ResultsArm, 'model' | 'loss' | 'cells'>[],
): PaperComparison | null {
  if (paperDataSet === undefined) return null;
  const { cases, means, unit: itsUnit } = published[paperDataSet];
  if (unit !== itsUnit) return null;
  const both = arms.flatMap(({ model, loss, cells }) => {
    const position = publishedArms.findIndex((one) => one.model === model && one.loss === loss);
    return metricNames.flatMap((metric): PaperMean[] => {
      const paper = means[metric]?.[position] ?? null;
      if (paper === null) return [];
      const own = cells[metric].mean;
      return [{ model, loss, metric, paper, own, difference: own === null ? null : own - paper }];
    });
  });
  return both.length === 0 ? null : { dataSet: paperDataSet, cases, means: both };
}
