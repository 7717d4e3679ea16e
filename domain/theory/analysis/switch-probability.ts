import { binomialLaw } from '../prediction/binomial.js';
import { assertSymmetricGeometry, type SymmetricGeometry } from '../prediction/symmetric-case.js';
import { weightedSum } from '../prediction/weighted-sum.js';

/**
 * The switch point p*(μ, N): the probability above which soft Dice predicts all of the uncertain volume and below which
 * it predicts none, to 1e-15. By `ratioLoss` the minimum risk is at p̂ = 0 or p̂ = 1, so p* is the root of the
 * increasing function E[score at 1] − E[score at 0]. N = 1 gives ½ for every μ; N → ∞ gives `switchProbabilityLimit`.
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

/** p* as N → ∞: (√(1 + μ) − 1) / μ, in a form without cancellation; ½ for μ → 0, 0 for μ → ∞. */
export function switchProbabilityLimit(volumeRatio: number): number {
  return 1 / (Math.sqrt(1 + volumeRatio) + 1);
}

/**
 * (E[score at p̂ = 1] − E[score at p̂ = 0]) / (2 U), with x = k / N the share of the uncertain volume in the truth:
 * E[(2 C x + U x² − C) / ((2 C + U + U x)(2 C + U x))]. Each term increases in k, so the expectation increases in p.
 * Without a core, the outcome k = 0 scores 0 at p̂ = 1 and 1 at p̂ = 0.
 */
function advantageOfAll(
  { coreVolume: c, uncertainVolume: u, regions }: SymmetricGeometry,
  probability: number,
): number {
  const { least, probabilities } = binomialLaw(regions, probability);
  const advantages = probabilities.map((_, i) => {
    const x = (least + i) / regions;
    const size = 2 * c + u * x;
    return size === 0 ? -1 / (2 * u) : (2 * c * x + u * x * x - c) / ((size + u) * size);
  });
  return weightedSum(advantages, probabilities);
}
