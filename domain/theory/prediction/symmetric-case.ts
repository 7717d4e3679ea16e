import { assertProbability, assertRegionCount, assertVolume } from './assert-region.js';
import { binomialLaw } from './binomial.js';
import { weightedSum } from './weighted-sum.js';

/** The paper's setting without background: a certain core and N alike uncertain regions, with volumes in one unit. */
export interface SymmetricGeometry {
  /** Volume of region γ, certainly in the structure; may be 0. */
  readonly coreVolume: number;
  /** Total volume of the N uncertain regions: μ times the core's. */
  readonly uncertainVolume: number;
  /** N ≥ 1. */
  readonly regions: number;
}

/** `SymmetricGeometry` with the probability of each uncertain region. */
export interface SymmetricCase extends SymmetricGeometry {
  readonly probability: number;
}

/** The minimiser of soft Dice's risk in a symmetric case, and its effect on the volume. */
export interface SymmetricOptimum {
  /** The minimum-risk p̂: 0 or 1; 0 if both are equally good. */
  readonly optimalPrediction: number;
  /** True if both are equally good: to 1e-13 of the risk. */
  readonly tie: boolean;
  /** V(Ŷ) − V(Y), in the unit of the volumes. */
  readonly volumeBias: number;
  readonly risk: number;
}

/** Throws ARGUMENT_INVALID unless the volumes are finite and ≥ 0 (at least one above 0) and N is a whole number ≥ 1. */
export function assertSymmetricGeometry({ coreVolume, uncertainVolume, regions }: SymmetricGeometry): void {
  assertVolume(coreVolume, 'coreVolume');
  assertVolume(uncertainVolume, 'uncertainVolume');
  assertRegionCount(regions, 'regions');
  if (coreVolume + uncertainVolume === 0) assertVolume(NaN, 'coreVolume + uncertainVolume');
}

/**
 * Soft Dice's exact risk in the symmetric case with one p̂ for all N regions, for each of the predictions: the sum over
 * the binomial number of regions in the structure of 1 − 2 (C + p̂ U k/N) / (2 C + p̂ U + U k/N). An outcome with empty
 * truth and empty prediction costs 0. Eq. 12 without its simplification.
 */
export function symmetricSoftDiceRisks(symmetric: SymmetricCase, predictions: readonly number[]): Float64Array {
  assertSymmetricGeometry(symmetric);
  assertProbability(symmetric.probability, 'probability');
  const { coreVolume: c, uncertainVolume: u, regions, probability } = symmetric;
  const { least, probabilities } = binomialLaw(regions, probability);
  return Float64Array.from(predictions, (prediction) => {
    // Σ weights (1 − score) instead of 1 − Σ weights score: no cancellation if the risk is small.
    const losses = probabilities.map((_, i) => {
      const present = (u * (least + i)) / regions;
      const size = 2 * c + prediction * u + present;
      return size === 0 ? 0 : (prediction * (u - present) + (1 - prediction) * present) / size;
    });
    return weightedSum(losses, probabilities);
  });
}

/**
 * True if two risks differ by no more than rounding does: by 1e-13 of the larger. Relative, because the risk of a small
 * uncertain volume is small.
 */
export function isSameRisk(left: number, right: number): boolean {
  return Math.abs(left - right) <= 1e-13 * Math.max(left, right);
}

/**
 * The prediction of soft Dice's minimiser in a symmetric case: by `ratioLoss`, all of the uncertain volume or none of
 * it. The bias is U (1 − p) or −U p; in a tie, that of the smaller prediction.
 */
export function symmetricOptimum(symmetric: SymmetricCase): SymmetricOptimum {
  const [none = NaN, all = NaN] = symmetricSoftDiceRisks(symmetric, [0, 1]);
  const tie = symmetric.uncertainVolume > 0 && isSameRisk(none, all);
  const optimalPrediction = all < none && !tie ? 1 : 0;
  return {
    ...{ optimalPrediction, tie },
    volumeBias: symmetric.uncertainVolume * (optimalPrediction - symmetric.probability) + 0,
    risk: Math.min(none, all),
  };
}
