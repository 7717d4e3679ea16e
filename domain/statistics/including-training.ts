import { mixtureCdf, mixtureQuantile, mixtureTwoSided } from './distributions/student-mixture.js';
import type { FoldSpread } from './fold-spread.js';
import { hallTransform, inverseHallTransform } from './hall-transform.js';

/**
 * Test and interval of a mean that include the training: they refer to networks trained anew on as many cases, and to
 * other participants. The statistic is the mean over the standard error of `foldSpread`, transformed by
 * `hallTransform`; it is compared with Student's t distribution, or for stratified folds with the mixture of two. docs/statistics.md has its simulated error rates.
 */
export interface TrainingEstimate {
  /** Two-sided, against a mean of 0; in [0, 1]. */
  readonly pValue: number;
  readonly interval: readonly [number, number];
  readonly folds: number;
  /** Of the variance between folds. */
  readonly degreesOfFreedom: number;
}

/** If the standard error is 0, the interval is the mean alone, and p is 0, or 1 for a mean of 0. */
export function includingTraining(spread: FoldSpread, confidence: number): TrainingEstimate {
  const { folds, degreesOfFreedom, law } = spread;
  const pValue = mixtureTwoSided(statistic(spread, 0), law);
  return { pValue, interval: trainingInterval(spread, confidence), folds, degreesOfFreedom };
}

/** The means that the two-sided test at level 1 − confidence does not reject. */
export function trainingInterval(spread: FoldSpread, confidence: number): [number, number] {
  const { mean, standardError, law, skewness } = spread;
  const quantile = mixtureQuantile((1 + confidence) / 2, law);
  return [
    mean - standardError * inverseHallTransform(quantile, skewness),
    mean - standardError * inverseHallTransform(-quantile, skewness),
  ];
}

/** P(the statistic is at most, or at least, what was observed) if the true mean is `trueMean`. */
export function oneSidedPValues(spread: FoldSpread, trueMean: number): { atMost: number; atLeast: number } {
  const value = statistic(spread, trueMean);
  const { law } = spread;
  return { atMost: mixtureCdf(value, law), atLeast: mixtureCdf(-value, law) };
}

function statistic({ mean, standardError, skewness }: FoldSpread, trueMean: number): number {
  const difference = mean - trueMean;
  return difference === 0 && standardError === 0 ? 0 : hallTransform(difference / standardError, skewness);
}
