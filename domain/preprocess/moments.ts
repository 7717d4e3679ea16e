/** Count, mean and sum of squared deviations of a set of values: enough to compute mean and standard deviation. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly m2: number;
}

const noMoments: Moments = { count: 0, mean: 0, m2: 0 };

/** The moments of the values, or of those where the mask is 1; two passes in double precision. */
export function momentsOf(values: Float32Array, mask?: Uint8Array): Moments {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if (mask !== undefined && mask[i] !== 1) continue;
    count++;
    sum += values[i] as number; // in range
  }
  if (count === 0) return noMoments;
  const mean = sum / count;
  let m2 = 0;
  for (let i = 0; i < values.length; i++) {
    if (mask !== undefined && mask[i] !== 1) continue;
    const deviation = (values[i] as number) - mean; // in range
    m2 += deviation * deviation;
  }
  return { count, mean, m2 };
}

/**
 * The moments of all values together, from those of their parts, by the pairwise update of Chan, Golub and LeVeque
 * (1979). Sorts the parts first, so the result is bit-identical for any order of the parts.
 */
export function combineMoments(parts: readonly Moments[]): Moments {
  const sorted = [...parts].sort((a, b) => a.count - b.count || a.mean - b.mean || a.m2 - b.m2);
  return sorted.reduce((all, part) => {
    const count = all.count + part.count;
    if (count === 0) return noMoments;
    const shift = part.mean - all.mean;
    return {
      count,
      mean: all.mean + shift * (part.count / count),
      m2: all.m2 + part.m2 + shift * shift * ((all.count * part.count) / count),
    };
  }, noMoments);
}

/** The population standard deviation, √(m2 / count); 0 for no values. */
export function deviationOf({ count, m2 }: Moments): number {
  return count === 0 ? 0 : Math.sqrt(m2 / count);
}
