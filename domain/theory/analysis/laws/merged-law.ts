import { weightedSum } from '../../prediction/weighted-sum.js';
import { isUncertain } from '../region.js';
import type { OutcomeLaw } from './outcome-law.js';

/** A law whose groups are unions of another law's groups, and the mapping of predictions back to that law. */
export interface MergedLaw {
  readonly law: OutcomeLaw;
  /** One prediction per merged group → one per group of the original law. */
  expand(predictions: Float64Array): Float64Array;
}

/**
 * The law for a network that cannot distinguish the uncertain regions: all groups with 0 < p < 1 become one group with
 * one p̂. Certain groups are unchanged. This is the restriction of the paper's Sect. 2.2.
 *
 * The merged group's volume inside the structure is summed once, so its sums need no loop over the groups.
 */
export function mergeUncertainGroups(law: OutcomeLaw): MergedLaw {
  const target: number[] = [];
  let merged = -1;
  let count = 0;
  for (const probability of law.groupProbabilities) {
    if (!isUncertain(probability)) target.push(count++);
    else target.push(merged === -1 ? (merged = count++) : merged);
  }
  const groupVolumes = new Float64Array(count);
  const certainVolumes = new Float64Array(count);
  const groupProbabilities = new Float64Array(count);
  let uncertainTruth = 0;
  target.forEach((to, from) => {
    const volume = law.groupVolumes[from] as number;
    const probability = law.groupProbabilities[from] as number;
    groupVolumes[to] = (groupVolumes[to] as number) + volume;
    groupProbabilities[to] = probability;
    if (to === merged) uncertainTruth += volume * probability;
    else certainVolumes[to] = volume * probability;
  });
  if (merged !== -1 && (groupVolumes[merged] as number) > 0) {
    groupProbabilities[merged] = uncertainTruth / (groupVolumes[merged] as number);
  }
  const present = law.overlaps(Float64Array.from(target, (to) => (to === merged ? 1 : 0)));
  return {
    expand: (predictions) => Float64Array.from(target, (to) => predictions[to] as number),
    law: {
      method: law.method,
      groupVolumes,
      groupProbabilities,
      weights: law.weights,
      truthVolumes: law.truthVolumes,
      overlaps: (predictions) => {
        const certain = weightedSum(predictions, certainVolumes);
        const prediction = merged === -1 ? 0 : (predictions[merged] as number);
        return present.map((volume) => certain + prediction * volume);
      },
      presence: (values) => {
        const total = weightedSum(values);
        const sums = certainVolumes.map((volume) => volume * total);
        if (merged !== -1) sums[merged] = weightedSum(values, present);
        return sums;
      },
    },
  };
}
