import { solveIncreasing } from './solve-increasing.js';

/** Φ(z), the standard normal distribution function, with full relative accuracy in the lower tail. */
export function normalCdf(z: number): number {
  return z > 0 ? 1 - upperTail(z) : upperTail(-z);
}

/** Φ⁻¹(p); −∞ at 0 and ∞ at 1. */
export function normalQuantile(probability: number): number {
  if (probability <= 0) return -Infinity;
  if (probability >= 1) return Infinity;
  if (probability > 0.5) return -normalQuantile(1 - probability);
  return -solveIncreasing((z) => -upperTail(z), -probability);
}

/**
 * P(Z ≥ z) for z ≥ 0: the series of Φ − ½ (DLMF 7.6.2) up to 3, and the continued fraction of Mills' ratio (DLMF 7.9.1)
 * beyond.
 */
function upperTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > 3) {
    let fraction = z;
    for (let k = 120; k > 0; k--) fraction = z + k / fraction;
    return density / fraction;
  }
  let term = z;
  let sum = z;
  for (let k = 3; term > sum * 1e-17; k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return 0.5 - density * sum;
}
