import type { Metric } from '../evaluate/metrics.js';
import type { CellMark, MeanTest, PairTest } from './results.js';

/**
 * The marks of one metric of one arm. A volume error is biased if its test against 0 is significant; the sign of its
 * mean gives the direction. It is not marked (`againstZero` is null) where the sum of a loss's outputs is no volume. Any other metric is marked as better if it is significantly better than with every other
 * loss of the model, in the metric's own direction; with a single loss, never. Without cases, only missing folds are
 * marked.
 */
export function cellMark({
  better,
  mean,
  againstZero,
  pairs,
  otherLosses,
  missingFolds,
}: {
  readonly better: Metric['better'];
  readonly mean: number | null;
  readonly againstZero: MeanTest | null;
  readonly pairs: readonly PairTest[];
  readonly otherLosses: readonly string[];
  readonly missingFolds: readonly number[];
}): CellMark {
  const incomplete = missingFolds.length > 0;
  if (mean === null) return { bias: null, better: false, incomplete };
  if (better === 'zero') {
    const bias = againstZero?.significant !== true ? null : mean > 0 ? 'over' : 'under';
    return { bias, better: false, incomplete };
  }
  const wins = pairs.filter((pair) => pair.significant && (better === 'higher' ? pair.mean > 0 : pair.mean < 0));
  return { bias: null, better: otherLosses.length > 0 && wins.length === otherLosses.length, incomplete };
}
