import { binomialProbabilities } from '../prediction/binomial.js';
import { assertSymmetricGeometry, type SymmetricGeometry } from '../prediction/symmetric-case.js';
import { weightedSum } from '../prediction/weighted-sum.js';

/**
 * The switch point p*(μ, N): the probability above which soft Dice predicts all of the uncertain volume and below which
 * none, to 1e-15. By `ratioLoss` the least risk is at p̂ = 0 or p̂ = 1, so p* is the root of the one growing function
 * E[score at 1] − E[score at 0]. N = 1 gives ½ for each μ; N → ∞ gives `switchProbabilityLimit`.
 */
export function switchProbability(geometry: SymmetricGeometry): number {
  assertSymmetricGeometry(geometry);
  const { coreVolume, uncertainVolume, regions } = geometry;
  const scale = coreVolume + uncertainVolume;
  const scaled = { coreVolume: coreVolume / scale, uncertainVolume: uncertainVolume / scale, regions };
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
 * E[score at p̂ = 1] − E[score at p̂ = 0] over 2 U, with x = k / N the share of the uncertain volume in the truth:
 * E[(2 C x + U x² − C) / ((2 C + U + U x)(2 C + U x))], each term growing in k, so the whole grows in p. Without a core
 * the outcome k = 0 is 0 against 1.
 */
function advantageOfAll(
  { coreVolume: c, uncertainVolume: u, regions }: SymmetricGeometry,
  probability: number,
): number {
  const law = binomialProbabilities(regions, probability);
  const advantages = law.map((_, k) => {
    const x = k / regions;
    const size = 2 * c + u * x;
    return size === 0 ? -1 / (2 * u) : (2 * c * x + u * x * x - c) / ((size + u) * size);
  });
  return weightedSum(advantages, law);
}
