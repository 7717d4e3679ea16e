import { binomialLaw, type BinomialLaw } from '../../prediction/binomial.js';
import type { Region } from '../region.js';
import type { OutcomeLaw } from './outcome-law.js';

/** Maximum number of joint outcomes to enumerate: 2^20, which is twenty distinct regions. */
export const maxExactOutcomes = 2 ** 20;

/** Number of joint outcomes of the groups: the product of the uncertain groups' counts of possible regions. */
export function exactOutcomeCount(groups: readonly Region[]): number {
  return groups.reduce((product, group) => product * outcomesOf(group), 1);
}

function outcomesOf({ probability, count }: Region): number {
  return binomialLaw(count, probability).probabilities.length;
}

/**
 * Every joint outcome of independent groups of alike regions, exactly. Alike regions collapse to a binomial count, so N
 * = 1024 equal regions have at most 1025 outcomes and twenty distinct ones 2^20. One group per element of `groups`.
 */
export function exactLaw(groups: readonly Region[]): OutcomeLaw {
  // A certain group's law has one outcome: none of its regions, or all.
  const counts = groups.map((group) => binomialLaw(group.count, group.probability));
  const sizes = counts.map(({ probabilities }) => probabilities.length);
  /** Volume of group g inside the structure in its k-th outcome, with each voxel weighted by `scale`. */
  const present = (g: number, k: number, scale = 1): number =>
    scale * (groups[g] as Region).volume * ((counts[g] as BinomialLaw).least + k);

  const overlaps = (predictions: Float64Array): Float64Array =>
    spread(sizes, (g, k) => ({ factor: 1, summand: present(g, k, predictions[g]) }));

  return {
    method: 'outcomes',
    groupVolumes: Float64Array.from(groups, (group) => group.volume * group.count),
    groupProbabilities: Float64Array.from(groups, (group) => group.probability),
    weights: spread(sizes, (g, k) => {
      const probability = (counts[g] as BinomialLaw).probabilities[k] as number;
      return g === 0 ? { factor: 0, summand: probability } : { factor: probability, summand: 0 };
    }),
    truthVolumes: overlaps(new Float64Array(groups.length).fill(1)),
    overlaps,
    presence: (values) => foldPresence(values, sizes, present),
  };
}

/**
 * A value for each joint outcome, built group by group from 0: a group's k-th count multiplies the values so far by
 * `factor` and adds `summand`. The first group's count varies fastest.
 */
function spread(
  sizes: readonly number[],
  step: (group: number, count: number) => { readonly factor: number; readonly summand: number },
): Float64Array {
  let values = new Float64Array(1);
  sizes.forEach((size, g) => {
    const next = new Float64Array(values.length * size);
    for (let k = 0; k < size; k++) {
      const { factor, summand } = step(g, k);
      const offset = k * values.length;
      for (let i = 0; i < values.length; i++) next[offset + i] = factor * (values[i] as number) + summand;
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
