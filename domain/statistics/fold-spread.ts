import type { StudentMixture } from './distributions/student-mixture.js';
import { strataVariance, type Score } from './strata-variance.js';

/** A mean over cases, and how much it would vary if networks were trained again and other participants measured. */
export interface FoldSpread {
  readonly mean: number;
  readonly standardError: number;
  /** Of the variance between folds. */
  readonly degreesOfFreedom: number;
  /** What a mean over its standard error is distributed like if the true mean is 0 and nothing is skewed. */
  readonly law: StudentMixture;
  /** Estimated skewness of the mean. */
  readonly skewness: number;
  /** Number of folds with cases. */
  readonly folds: number;
}

/**
 * The spread of a mean over cases under y = μ + f + e: a random effect f of each fold's training and an error e of each
 * participant. Only the K fold means are independent, so the variance comes from them alone, and nothing is assumed of
 * how cases and participants depend on each other within a fold.
 *
 *      w_k = n_k / n          V = Σ w_k² (m_k − m)² / (1 − w_k)
 *
 * with n_k cases and mean m_k of fold k. For folds of equal size this is the variance of the fold means over K, with
 * K − 1 degrees of freedom. In general it is the cluster-robust variance CR2 of a mean, with the degrees of freedom of
 * Bell and McCaffrey (2002): 1 / (Σ w² + (Σ a)² − Σ a²) with a = w² / (1 − w).
 *
 * Folds that are stratified by volume are more alike than folds drawn at random, if the volume error depends on the
 * volume. `strataVariance` estimates what their means do not show, from many participants; over n² it is added to V. The
 * mean over its standard error is then compared with a mixture: Student's t with the degrees of freedom above, with the
 * share that the folds have in the variance, and t with the participants less 1 for the rest.
 *
 * The fold effects are taken as symmetric, so the skewness of the mean comes from the participants: u is a participant's
 * sum of y − m_k, and g_k the number of participants in fold k. V includes the addition.
 *
 *      γ = Σ_k g_k² / ((g_k − 1) (g_k − 2)) Σ u³ / n³ / max(V, Σ_k g_k / (g_k − 1) Σ u² / n²)^(3/2)
 *
 * The second term of the maximum is the participants' own part of the variance, which the true variance cannot fall
 * below. Folds of fewer than three participants add nothing to the numerator. Without any spread γ is 0.
 *
 * A participant's cases are in one fold; the split sees to it. Returns null for fewer than two folds, which say nothing
 * about other trainings.
 */
export function foldSpread({
  values,
  cases,
  strata,
}: {
  readonly values: ArrayLike<number>;
  /** One for each value. */
  readonly cases: readonly { readonly fold: number; readonly participant: string }[];
  /** The stratum of each participant; null if folds are not stratified. */
  readonly strata: ReadonlyMap<string, number> | null;
}): FoldSpread | null {
  const indicesOf = new Map<number, number[]>();
  cases.forEach(({ fold }, index) => {
    const known = indicesOf.get(fold);
    if (known === undefined) indicesOf.set(fold, [index]);
    else known.push(index);
  });
  const folds = [...indicesOf].sort(([a], [b]) => a - b).map(([, indices]) => foldOf(indices, values, cases));
  if (folds.length < 2) return null;
  const count = cases.length;
  const mean = sumOf(folds, (fold) => fold.sum) / count;
  const weights = folds.map((fold) => fold.count / count);
  const shares = weights.map((weight) => (weight * weight) / (1 - weight));
  const squares = (numbers: readonly number[]): number => sumOf(numbers, (number) => number * number);
  const scores = folds.flatMap((fold) => fold.scores);
  const ofFolds = sumOf(folds, (fold, k) => (shares[k] as number) * (fold.mean - mean) ** 2);
  const added = strata === null ? 0 : strataVariance(scores, strata) / count ** 2;
  const variance = ofFolds + added;
  const degreesOfFreedom = 1 / (squares(weights) + sumOf(shares, (share) => share) ** 2 - squares(shares));
  const share = added === 0 ? 1 : ofFolds / variance;
  const largest = Math.max(variance, sumOf(folds, (fold) => fold.variance) / count ** 2);
  return {
    mean,
    standardError: Math.sqrt(variance),
    degreesOfFreedom,
    law: [
      { share, degreesOfFreedom },
      { share: 1 - share, degreesOfFreedom: scores.length - 1 },
    ],
    skewness: largest === 0 ? 0 : sumOf(folds, (fold) => fold.thirdMoment) / count ** 3 / largest ** 1.5,
    folds: folds.length,
  };
}

interface Fold {
  readonly count: number;
  readonly sum: number;
  readonly mean: number;
  readonly scores: readonly Score[];
  /** Variance and third central moment of the fold's sum, as far as participants cause them. */
  readonly variance: number;
  readonly thirdMoment: number;
}

function foldOf(
  indices: readonly number[],
  values: ArrayLike<number>,
  cases: readonly { readonly participant: string }[],
): Fold {
  const valueAt = (index: number): number => values[index] as number; // the caller has a value for each case
  const sum = sumOf(indices, valueAt);
  const mean = sum / indices.length;
  const byParticipant = new Map<string, number>();
  for (const index of indices) {
    const { participant } = cases[index] as { readonly participant: string };
    byParticipant.set(participant, (byParticipant.get(participant) ?? 0) + valueAt(index) - mean);
  }
  const scores = [...byParticipant].map(([participant, value]) => ({ participant, value }));
  const g = scores.length;
  return {
    ...{ count: indices.length, sum, mean, scores },
    variance: g < 2 ? 0 : (sumOf(scores, ({ value }) => value ** 2) * g) / (g - 1),
    thirdMoment: g < 3 ? 0 : (sumOf(scores, ({ value }) => value ** 3) * g * g) / ((g - 1) * (g - 2)),
  };
}

function sumOf<T>(items: readonly T[], valueOf: (item: T, index: number) => number): number {
  return items.reduce((sum, item, index) => sum + valueOf(item, index), 0);
}
