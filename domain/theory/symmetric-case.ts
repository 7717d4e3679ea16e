import { binomialProbabilities } from './binomial.js';
import { assertProbability, assertRegionCount, assertVolume, type Region } from './region.js';
import { weightedMean } from './losses/weighted-sums.js';

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
  /** p*: above it the whole uncertain volume is predicted, below it none of it. */
  readonly switchProbability: number;
  /** The p̂ of least risk: 0 or 1; 0 where both are equally good (p = p*). */
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
 * Soft Dice's risk in the symmetric case with one p̂ for all N regions, exactly: the sum over the binomial number of
 * regions in the structure of 1 − 2 (C + p̂ U k/N) / (2 C + p̂ U + U k/N); an outcome with nothing true and nothing
 * predicted costs 0. Eq. 12 without its shortcut.
 */
export function symmetricSoftDiceRisk(symmetric: SymmetricCase, prediction: number): number {
  assertSymmetricGeometry(symmetric);
  assertProbability(symmetric.probability, 'probability');
  return riskGiven(binomialProbabilities(symmetric.regions, symmetric.probability), symmetric, prediction);
}

/** The same risk at each of many predictions; the binomial law is computed once. */
export function symmetricSoftDiceRisks(symmetric: SymmetricCase, predictions: readonly number[]): Float64Array {
  assertSymmetricGeometry(symmetric);
  assertProbability(symmetric.probability, 'probability');
  const law = binomialProbabilities(symmetric.regions, symmetric.probability);
  return Float64Array.from(predictions, (prediction) => riskGiven(law, symmetric, prediction));
}

function riskGiven(law: Float64Array, geometry: SymmetricGeometry, prediction: number): number {
  const { coreVolume: c, uncertainVolume: u, regions } = geometry;
  // Σ weights (1 − score) rather than 1 − Σ weights score: no cancellation where the risk is small.
  const losses = law.map((_, k) => {
    const present = (u * k) / regions;
    const size = 2 * c + prediction * u + present;
    return size === 0 ? 0 : (prediction * (u - present) + (1 - prediction) * present) / size;
  });
  return weightedMean(law, losses);
}

/**
 * E[score at p̂ = 1] − E[score at p̂ = 0] over 2 U, with x = k / N the share of the uncertain volume in the truth:
 * E[(2 C x + U x² − C) / ((2 C + U + U x)(2 C + U x))], each term growing in k, so the whole grows in p. Without a core
 * the outcome k = 0 is 0 against 1.
 */
function advantageOfAll(geometry: SymmetricGeometry, probability: number): number {
  const { coreVolume: c, uncertainVolume: u, regions } = geometry;
  const law = binomialProbabilities(regions, probability);
  const advantages = law.map((_, k) => {
    const x = k / regions;
    const size = 2 * c + u * x;
    return size === 0 ? -1 / (2 * u) : (2 * c * x + u * x * x - c) / ((size + u) * size);
  });
  return weightedMean(law, advantages);
}

/**
 * The switch point p*(μ, N): the probability above which soft Dice predicts all of the uncertain volume and below which
 * none, to 1e-15. By `RatioLoss` the least risk is at p̂ = 0 or p̂ = 1, so p* is the root of the one growing function
 * E[score at 1] − E[score at 0]. N = 1 gives ½ for each μ; N → ∞ gives `switchProbabilityLimit`.
 */
export function switchProbability(geometry: SymmetricGeometry): number {
  assertSymmetricGeometry(geometry);
  const scale = geometry.coreVolume + geometry.uncertainVolume;
  const scaled = {
    ...geometry,
    coreVolume: geometry.coreVolume / scale,
    uncertainVolume: geometry.uncertainVolume / scale,
  };
  let low = 0;
  let high = 1;
  while (high - low > 2 ** -52) {
    const middle = (low + high) / 2;
    const advantage = advantageOfAll(scaled, middle);
    if (Math.abs(advantage) < 1e-17) return middle;
    if (advantage < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** p* as N → ∞: (√(1 + μ) − 1) / μ, in the form without cancellation; ½ for μ → 0, 0 for μ → ∞. */
export function switchProbabilityLimit(volumeRatio: number): number {
  return 1 / (Math.sqrt(1 + volumeRatio) + 1);
}

/**
 * What soft Dice's minimiser predicts in a symmetric case. The bias is U (1 − p) above p* and −U p below; at p* itself
 * (scores equal to 1e-14) the smaller prediction is given.
 */
export function symmetricOptimum(symmetric: SymmetricCase): SymmetricOptimum {
  const none = symmetricSoftDiceRisk(symmetric, 0);
  const all = symmetricSoftDiceRisk(symmetric, 1);
  const optimalPrediction = all < none - 1e-14 ? 1 : 0;
  return {
    switchProbability: switchProbability(symmetric),
    optimalPrediction,
    volumeBias: symmetric.uncertainVolume * (optimalPrediction - symmetric.probability) + 0,
    risk: Math.min(none, all),
  };
}

/** The paper's setting as regions: β of μ in N parts of probability p, γ of 1, α of 100. Fig. 1. */
export function paperRegions(volumeRatio: number, regions: number, probability: number): Region[] {
  return [
    { volume: volumeRatio / regions, probability, count: regions },
    { volume: 1, probability: 1, count: 1 },
    { volume: backgroundVolume, probability: 0, count: 1 },
  ];
}

/** s_α of the paper's setting, in units of the core's volume. */
export const backgroundVolume = 100;
