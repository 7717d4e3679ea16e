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
  const blocks = interleaved(sums, groupCount);
  const offsets = new Int32Array(groupCount);
  const means = sums.map(() => new Float64Array(resamples));
  const totals = new Float64Array(lanes);
  for (let resample = 0; resample < resamples; resample++) {
    let cases = 0;
    for (let i = 0; i < groupCount; i++) {
      const group = random.integerBelow(groupCount);
      offsets[i] = lanes * group;
      cases += counts[group] as number; // in range, like all that follow
    }
    for (let column = 0; column < means.length; column++) {
      const lane = column % lanes;
      if (lane === 0) addUpInto(totals, blocks[column / lanes] as Float64Array, offsets);
      (means[column] as Float64Array)[resample] = (totals[lane] as number) / cases;
    }
  }
  return means;
}

/** Columns that are added up together: the sums of `lanes` columns fit into registers. */
const lanes = 4;

/** Blocks of `lanes` columns in which the values of a group lie side by side; the last block is filled with 0. */
function interleaved(columns: readonly Float64Array[], groupCount: number): Float64Array[] {
  return Array.from({ length: Math.ceil(columns.length / lanes) }, (_, block) =>
    Float64Array.from(
      { length: lanes * groupCount },
      (_, i) => columns[lanes * block + (i % lanes)]?.[Math.floor(i / lanes)] ?? 0,
    ),
  );
}

/** The sum of each lane of a block over the drawn groups, in the order drawn. This loop dominates the run time. */
function addUpInto(totals: Float64Array, block: Float64Array, offsets: Int32Array): void {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < offsets.length; i++) {
    const at = offsets[i] as number;
    a += block[at] as number;
    b += block[at + 1] as number;
    c += block[at + 2] as number;
    d += block[at + 3] as number;
  }
  totals[0] = a;
  totals[1] = b;
  totals[2] = c;
  totals[3] = d;
}
