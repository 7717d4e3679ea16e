import { assertProbability, assertRegionCount, assertVolume } from './assert-region.js';
import { binomialProbabilities } from './binomial.js';
import { weightedSum } from './weighted-sum.js';

/** The uncertain part of the paper's setting: a certain core and N alike regions, in one unit of volume. */
export interface SymmetricGeometry {
  /** Volume of region γ, surely in the structure; may be 0. */
  readonly coreVolume: number;
  /** Volume of all N uncertain regions together: μ times the core's. */
  readonly uncertainVolume: number;
  /** N ≥ 1. */
  readonly regions: number;
}

/** That geometry with the probability of each uncertain region. */
export interface SymmetricCase extends SymmetricGeometry {
  readonly probability: number;
}

/** What minimises soft Dice's risk in a symmetric case, and what it does to the volume. */
export interface SymmetricOptimum {
  /** The p̂ of least risk: 0 or 1; 0 where both are equally good. */
  readonly optimalPrediction: number;
  /** V(Ŷ) − V(Y), in the unit of the volumes. */
  readonly volumeBias: number;
  readonly risk: number;
}

/** Throws ARGUMENT_INVALID unless volumes are finite and ≥ 0 (one of them above 0) and N a whole number ≥ 1. */
export function assertSymmetricGeometry({ coreVolume, uncertainVolume, regions }: SymmetricGeometry): void {
  assertVolume(coreVolume, 'coreVolume');
  assertVolume(uncertainVolume, 'uncertainVolume');
  assertRegionCount(regions, 'regions');
  if (coreVolume + uncertainVolume === 0) assertVolume(NaN, 'coreVolume + uncertainVolume');
}

/**
 * Soft Dice's risk in the symmetric case with one p̂ for all N regions, exactly, at each of the predictions: the sum
 * over the binomial number of regions in the structure of 1 − 2 (C + p̂ U k/N) / (2 C + p̂ U + U k/N); an outcome with
 * nothing true and nothing predicted costs 0. Eq. 12 without its shortcut.
 */
export function symmetricSoftDiceRisks(symmetric: SymmetricCase, predictions: readonly number[]): Float64Array {
  assertSymmetricGeometry(symmetric);
  assertProbability(symmetric.probability, 'probability');
  const { coreVolume: c, uncertainVolume: u, regions, probability } = symmetric;
  const law = binomialProbabilities(regions, probability);
  return Float64Array.from(predictions, (prediction) => {
    // Σ weights (1 − score) rather than 1 − Σ weights score: no cancellation where the risk is small.
    const losses = law.map((_, k) => {
      const present = (u * k) / regions;
      const size = 2 * c + prediction * u + present;
      return size === 0 ? 0 : (prediction * (u - present) + (1 - prediction) * present) / size;
    });
    return weightedSum(losses, law);
  });
}

/**
 * What soft Dice's minimiser predicts in a symmetric case: by `ratioLoss` all of the uncertain volume or none of it.
 * The bias is U (1 − p) or −U p; where both have the same risk (to 1e-14) the smaller prediction is given.
 */
export function symmetricOptimum(symmetric: SymmetricCase): SymmetricOptimum {
  const [none = NaN, all = NaN] = symmetricSoftDiceRisks(symmetric, [0, 1]);
  const optimalPrediction = all < none - 1e-14 ? 1 : 0;
  return {
    optimalPrediction,
    volumeBias: symmetric.uncertainVolume * (optimalPrediction - symmetric.probability) + 0,
    risk: Math.min(none, all),
  };
}
