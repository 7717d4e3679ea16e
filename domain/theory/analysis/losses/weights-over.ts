import type { OutcomeLaw } from '../laws/outcome-law.js';

/** Each outcome's weight divided by a power of its soft Dice denominator (predicted + truth volume); predicted > 0. */
export function weightsOver(law: OutcomeLaw, predicted: number, power: 1 | 2): Float64Array {
  return law.weights.map((weight, a) => {
    const size = predicted + (law.truthVolumes[a] as number);
    return weight / (power === 1 ? size : size * size);
  });
}
