import type { OutcomeLaw } from '../laws/outcome-law.js';

/** Σ weights · values; the weights sum to 1. */
export function weightedMean(weights: Float64Array, values: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (let a = 0; a < values.length; a++) {
    // Neumaier's compensation, inlined: no array of products for a million outcomes.
    const term = (weights[a] as number) * (values[a] as number);
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}

/** Each outcome's weight over its soft Dice denominator (predicted + truth volume) to a power; predicted > 0. */
export function weightsOver(law: OutcomeLaw, predicted: number, power: 1 | 2): Float64Array {
  const result = new Float64Array(law.weights.length);
  for (let a = 0; a < result.length; a++) {
    const size = predicted + (law.truthVolumes[a] as number);
    result[a] = (law.weights[a] as number) / (power === 1 ? size : size * size);
  }
  return result;
}
