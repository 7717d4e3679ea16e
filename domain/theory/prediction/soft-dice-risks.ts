import { weightedSum } from './weighted-sum.js';

/** A certain core and an uncertain volume, of which each outcome has a part in the structure; volumes in one unit. */
export interface UncertainVolume {
  readonly coreVolume: number;
  readonly uncertainVolume: number;
  /** The part of the uncertain volume that belongs to the structure, for each outcome, and the outcome's probability. */
  readonly presentVolumes: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/**
 * Soft Dice's exact risk with one p̂ for all of the uncertain volume U, for each of the predictions: the mean over the
 * outcomes B of 1 − 2 (C + p̂ B) / (2 C + p̂ U + B). An outcome with empty truth and empty prediction costs 0. Eq. 12
 * without its simplification.
 */
export function softDiceRisks(
  { coreVolume: c, uncertainVolume: u, presentVolumes, weights }: UncertainVolume,
  predictions: readonly number[],
): Float64Array {
  return Float64Array.from(predictions, (prediction) => {
    // Σ weights (1 − score) instead of 1 − Σ weights score: no cancellation if the risk is small.
    const losses = Float64Array.from(presentVolumes, (present) => {
      const size = 2 * c + prediction * u + present;
      return size === 0 ? 0 : (prediction * (u - present) + (1 - prediction) * present) / size;
    });
    return weightedSum(losses, weights);
  });
}

/**
 * The prediction of soft Dice's minimiser: by `ratioLoss`, all of the uncertain volume (1) or none of it (0), whatever
 * the law of the outcomes. 0 in a tie.
 */
export function softDiceOptimum(uncertain: UncertainVolume): {
  readonly optimalPrediction: 0 | 1;
  readonly tie: boolean;
  readonly risk: number;
} {
  const [none = NaN, all = NaN] = softDiceRisks(uncertain, [0, 1]);
  const tie = uncertain.uncertainVolume > 0 && isSameRisk(none, all);
  return { optimalPrediction: all < none && !tie ? 1 : 0, tie, risk: Math.min(none, all) };
}

/**
 * True if two risks differ by no more than rounding does: by 1e-13 of the larger. Relative, because the risk of a small
 * uncertain volume is small.
 */
export function isSameRisk(left: number, right: number): boolean {
  return Math.abs(left - right) <= 1e-13 * Math.max(left, right);
}
