import type { RandomStream } from '../random/random-stream.js';

export interface GroupedColumns {
  /** Number of cases in each group. */
  readonly counts: Float64Array;
  /** For each quantity: its sum over the cases of each group, in the order of `counts`. */
  readonly sums: readonly Float64Array[];
}

/**
 * The mean over cases of each quantity in each of `resamples` bootstrap samples of the groups.
 *
 * A sample draws as many groups as there are, with replacement, and keeps each group's cases together (the cluster
 * bootstrap; Davison and Hinkley 1997, ch. 3.8). Its mean is therefore a ratio: sum of the drawn sums over sum of the
 * drawn counts. All quantities use the same samples, so their means can be compared sample by sample.
 */
export function bootstrapMeans({
  grouped: { counts, sums },
  resamples,
  random,
}: {
  readonly grouped: GroupedColumns;
  readonly resamples: number;
  readonly random: RandomStream;
}): Float64Array[] {
  const groupCount = counts.length;
  const drawn = new Int32Array(groupCount);
  const means = sums.map(() => new Float64Array(resamples));
  for (let resample = 0; resample < resamples; resample++) {
    let cases = 0;
    for (let i = 0; i < groupCount; i++) {
      const group = random.integerBelow(groupCount);
      drawn[i] = group;
      cases += counts[group] as number; // in range, like the next two; this loop dominates the run time
    }
    for (let column = 0; column < sums.length; column++) {
      const groupSums = sums[column] as Float64Array;
      let sum = 0;
      for (let i = 0; i < groupCount; i++) sum += groupSums[drawn[i] as number] as number;
      (means[column] as Float64Array)[resample] = sum / cases;
    }
  }
  return means;
}
