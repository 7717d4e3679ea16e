import { assertProbability, assertRegionCount, assertVolume } from './assert-region.js';
import { binomialLaw } from './binomial.js';
import { softDiceOptimum, softDiceRisks, type UncertainVolume } from './soft-dice-risks.js';

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

/** Soft Dice's exact risk in the symmetric case for each of the predictions, over the binomial number of regions. */
export function symmetricSoftDiceRisks(symmetric: SymmetricCase, predictions: readonly number[]): Float64Array {
  return softDiceRisks(uncertainVolumeOf(symmetric), predictions);
}

/** The prediction of soft Dice's minimiser in a symmetric case. The bias is U (1 − p) or −U p. */
export function symmetricOptimum(symmetric: SymmetricCase): SymmetricOptimum {
  const optimum = softDiceOptimum(uncertainVolumeOf(symmetric));
  const volumeBias = symmetric.uncertainVolume * (optimum.optimalPrediction - symmetric.probability) + 0;
  return { ...optimum, volumeBias };
}

function uncertainVolumeOf(symmetric: SymmetricCase): UncertainVolume {
  assertSymmetricGeometry(symmetric);
  assertProbability(symmetric.probability, 'probability');
  const { coreVolume, uncertainVolume, regions, probability } = symmetric;
  const { least, probabilities: weights } = binomialLaw(regions, probability);
  const presentVolumes = weights.map((_, i) => (uncertainVolume * (least + i)) / regions);
  return { coreVolume, uncertainVolume, presentVolumes, weights };
}
