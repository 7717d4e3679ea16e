import { binomialProbabilities } from '../../prediction/binomial.js';
import type { Region } from '../region.js';
import { isUncertain } from '../region.js';
import type { OutcomeLaw } from './outcome-law.js';

/** Maximum number of joint outcomes to enumerate: 2^20, which is twenty distinct regions. */
export const maxExactOutcomes = 2 ** 20;

/** Number of joint outcomes of the groups: Π (count + 1) over the uncertain groups. */
export function exactOutcomeCount(groups: readonly Region[]): number {
  return groups.reduce((product, group) => product * outcomesOf(group), 1);
}

function outcomesOf({ probability, count }: Region): number {
  return isUncertain(probability) ? count + 1 : 1;
}

/**
 * Every joint outcome of independent groups of alike regions, exactly. Alike regions collapse to a binomial count, so N
 * = 1024 equal regions have 1025 outcomes and twenty distinct ones 2^20. One group per element of `groups`.
 */
export function exactLaw(groups: readonly Region[]): OutcomeLaw {
  const sizes = groups.map(outcomesOf);
  const probabilities = groups.map((group) =>
    isUncertain(group.probability) ? binomialProbabilities(group.count, group.probability) : new Float64Array([1]),
  );
  /** Volume of group g inside the structure if its outcome is k, with each voxel weighted by `scale`. */
  const present = (g: number, k: number, scale = 1): number => {
    const { volume, probability, count } = groups[g] as Region;
    return scale * volume * (isUncertain(probability) ? k : probability * count);
  };

  const overlaps = (predictions: Float64Array): Float64Array =>
    spread(sizes, 0, (sum, g, k) => sum + present(g, k, predictions[g]));

  return {
    method: 'outcomes',
    groupVolumes: Float64Array.from(groups, (group) => group.volume * group.count),
    groupProbabilities: Float64Array.from(groups, (group) => group.probability),
    weights: spread(sizes, 1, (product, g, k) => product * ((probabilities[g] as Float64Array)[k] as number)),
    truthVolumes: overlaps(new Float64Array(groups.length).fill(1)),
    overlaps,
    presence: (values) => foldPresence(values, sizes, present),
  };
}

/** A value for each joint outcome, built group by group; the first group's count varies fastest. */
function spread(
  sizes: readonly number[],
  start: number,
  step: (value: number, group: number, count: number) => number,
): Float64Array {
  let values = new Float64Array([start]);
  sizes.forEach((size, g) => {
    const next = new Float64Array(values.length * size);
    for (let k = 0; k < size; k++) {
      const offset = k * values.length;
      for (let i = 0; i < values.length; i++) next[offset + i] = step(values[i] as number, g, k);
    }
    values = next;
  });
  return values;
}

/** Σ_a values_a X_ag for all g in about 2 A additions: sums each group's slices, then eliminates the group. */
function foldPresence(
  values: Float64Array,
  sizes: readonly number[],
  present: (group: number, count: number) => number,
): Float64Array {
  const result = new Float64Array(sizes.length);
  const folded = Float64Array.from(values);
  let length = folded.length;
  for (let g = sizes.length - 1; g >= 0; g--) {
    const size = sizes[g] as number;
    const stride = length / size;
    let total = 0;
    for (let k = 0; k < size; k++) {
      const offset = k * stride;
      let slice = 0;
      for (let i = 0; i < stride; i++) slice += folded[offset + i] as number;
      total += slice * present(g, k);
      if (k > 0) for (let i = 0; i < stride; i++) folded[i] = (folded[i] as number) + (folded[offset + i] as number);
    }
    result[g] = total;
    length = stride;
  }
  return result;
}
