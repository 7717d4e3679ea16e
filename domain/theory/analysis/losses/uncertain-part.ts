import type { OutcomeLaw } from '../laws/outcome-law.js';
import { isUncertain } from '../region.js';

/** The values of the uncertain groups, and 0 for the certain ones. */
export function onlyUncertain(law: OutcomeLaw, values: Float64Array): Float64Array {
  return values.map((value, g) => (isUncertain(law.groupProbabilities[g] as number) ? value : 0));
}

/** The predictions of the uncertain groups, and for the certain ones what they certainly are: 1 inside, 0 outside. */
export function inCertain(law: OutcomeLaw, predictions: Float64Array): Float64Array {
  return law.groupProbabilities.map((p, g) => (isUncertain(p) ? (predictions[g] as number) : p));
}
