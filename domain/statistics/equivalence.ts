import type { FoldSpread } from './fold-spread.js';
import { oneSidedPValues, trainingInterval } from './including-training.js';

/** The test that a mean lies within ±margin of 0. */
export interface Equivalence {
  /** Half the width of the region of equivalence, in the unit of the mean. */
  readonly margin: number;
  /** The larger p-value of the two one-sided tests. */
  readonly pValue: number;
  /** Interval at the level 1 − 2 · significance: within ±margin exactly if p < significance. */
  readonly interval: readonly [number, number];
}

/**
 * Two one-sided tests (Schuirmann 1987) that include the training: of a mean of at most −margin, and of at least
 * +margin. Rejecting both at the significance level shows that the mean lies between. The margin is a fixed number > 0.
 */
export function equivalenceOf(
  spread: FoldSpread,
  { margin, significance }: { readonly margin: number; readonly significance: number },
): Equivalence {
  return {
    margin,
    pValue: Math.max(oneSidedPValues(spread, -margin).atLeast, oneSidedPValues(spread, margin).atMost),
    interval: trainingInterval(spread, 1 - 2 * significance),
  };
}
