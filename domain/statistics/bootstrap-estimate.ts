import { bcaProbability, bcaTail, type BcaCorrection } from './bca.js';
import { quantileOfSorted } from './quantile.js';

/** A mean over cases with its bootstrap test and interval. */
export interface BootstrapEstimate {
  readonly mean: number;
  /** Two-sided, against a mean of 0; in (0, 1]. */
  readonly pValue: number;
  /** [low, high]; null for a single group, which carries no information about other groups. */
  readonly interval: readonly [number, number] | null;
  readonly cases: number;
  readonly groups: number;
}

/**
 * Computes an estimate from the B means of the bootstrap samples: the percentile interval and its p-value, or the BCa
 * interval and its p-value if a correction is given.
 *
 *      p = min(1, 2 · (1 + min(#{m ≤ 0}, #{m ≥ 0})) / (B + 1))
 *
 * inverts the percentile interval (Efron and Tibshirani 1993, ch. 15.4): it is the smallest α for which the interval
 * of confidence 1 − α excludes 0, so mark and interval agree. The added 1 counts the data as one more sample (Davison
 * and Hinkley 1997, ch. 4.2): B samples cannot give p < 2 / (B + 1), and never 0. A sample with mean 0 counts on both
 * sides; if every difference is 0, p is 1. A single group gives the same mean in every sample. That reflects ignorance,
 * not certainty: p is 1 and there is no interval. With a correction, both shares of samples are carried through
 * `bcaTail` before the smaller one is taken.
 */
export function readEstimate({
  means,
  mean,
  cases,
  groups,
  confidence,
  correction,
}: {
  readonly means: Float64Array;
  readonly mean: number;
  readonly cases: number;
  readonly groups: number;
  readonly confidence: number;
  readonly correction: BcaCorrection | null;
}): BootstrapEstimate {
  if (groups < 2) return { mean, pValue: 1, interval: null, cases, groups };
  let atMostZero = 1;
  let atLeastZero = 1;
  for (const value of means) {
    if (value <= 0) atMostZero++;
    if (value >= 0) atLeastZero++;
  }
  const samples = means.length + 1;
  const [low, high] = [atMostZero / samples, atLeastZero / samples];
  const smallerTail =
    correction === null ? Math.min(low, high) : Math.min(bcaTail(low, correction), 1 - bcaTail(1 - high, correction));
  const sorted = means.toSorted();
  const end = (tail: number): number =>
    quantileOfSorted(sorted, correction === null ? tail : bcaProbability(tail, correction));
  const tail = (1 - confidence) / 2;
  return { mean, pValue: Math.min(1, 2 * smallerTail), interval: [end(tail), end(1 - tail)], cases, groups };
}
