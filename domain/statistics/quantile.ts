import { DomainError } from '../domain-error.js';

/**
 * The quantile of sorted numbers at a probability in [0, 1], with linear interpolation between neighbours (Hyndman and
 * Fan's type 7, the default of NumPy and R). Throws ARGUMENT_INVALID for an empty array or a probability outside [0,
 * 1].
 */
export function quantileOfSorted(sorted: Float64Array | Float32Array, probability: number): number {
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below];
  if (low === undefined) {
    throw new DomainError('ARGUMENT_INVALID', 'a quantile needs at least one number and a probability in [0, 1]', {
      count: sorted.length,
      probability,
    });
  }
  const high = sorted[below + 1] ?? low;
  return low + (high - low) * (position - below);
}
