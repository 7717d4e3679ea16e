import type { GroupedColumns } from './bootstrap-means.js';
import { normalCdf, normalQuantile } from './distributions/normal.js';

/**
 * A sample that draws every group once has the mean of the data, but may add it up in another order. Relative to the mean
 * magnitude of the values.
 */
const rounding = 1e-12;

/** How far a bootstrap distribution is from the normal one that the percentile interval assumes. */
export interface BcaCorrection {
  /** z₀: Φ⁻¹ of the share of bootstrap means below the mean, half of those equal to it (up to rounding) counted. */
  readonly bias: number;
  /** a: skewness of the jackknife means over 6; 0 if they are all equal. */
  readonly acceleration: number;
}

/** The correction for one column of groups with its bootstrap means (Efron and Tibshirani 1993, ch. 14.3). */
export function bcaCorrection({
  means,
  mean,
  counts,
  sums,
}: {
  readonly means: Float64Array;
  readonly mean: number;
  readonly counts: GroupedColumns['counts'];
  readonly sums: Float64Array;
}): BcaCorrection {
  const jackknife = leaveOneOut(counts, sums);
  const centre = jackknife.reduce((total, value) => total + value, 0) / jackknife.length;
  let [squares, cubes] = [0, 0];
  for (const value of jackknife) {
    squares += (centre - value) ** 2;
    cubes += (centre - value) ** 3;
  }
  return {
    bias: normalQuantile(shareBelow(means, mean, rounding * meanMagnitude(counts, sums))),
    acceleration: squares === 0 ? 0 : cubes / (6 * squares ** 1.5),
  };
}

/** The quantile of the bootstrap means at which the corrected interval of a one-sided tail probability ends. */
export function bcaProbability(tail: number, { bias, acceleration }: BcaCorrection): number {
  const shifted = bias + normalQuantile(tail);
  return normalCdf(bias + shifted / (1 - acceleration * shifted));
}

/** The tail probability whose corrected interval ends at a quantile: the inverse of `bcaProbability`; 0 or 1 beyond it. */
export function bcaTail(probability: number, { bias, acceleration }: BcaCorrection): number {
  const shifted = normalQuantile(probability) - bias;
  const scale = 1 + acceleration * shifted;
  if (!Number.isFinite(shifted) || scale <= 0) return shifted < 0 ? 0 : 1;
  return normalCdf(shifted / scale - bias);
}

function leaveOneOut(counts: Float64Array, sums: Float64Array): Float64Array {
  const total = sums.reduce((sum, value) => sum + value, 0);
  const count = counts.reduce((sum, value) => sum + value, 0);
  return sums.map((sum, group) => (total - sum) / (count - (counts[group] as number)));
}

function meanMagnitude(counts: Float64Array, sums: Float64Array): number {
  const total = sums.reduce((sum, value) => sum + Math.abs(value), 0);
  return total / counts.reduce((sum, value) => sum + value, 0);
}

function shareBelow(means: Float64Array, mean: number, tolerance: number): number {
  let twice = 0;
  for (const value of means) twice += value < mean - tolerance ? 2 : value <= mean + tolerance ? 1 : 0;
  // Not 0 or 1, so that z₀ is finite.
  return Math.min(Math.max(twice, 1), 2 * means.length - 1) / (2 * means.length);
}
