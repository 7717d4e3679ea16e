import { weightedSum } from '../../prediction/weighted-sum.js';
import { isUncertain } from '../region.js';

/**
 * How the outcomes of a law were obtained. `outcomes`: every joint outcome of the regions (a binomial count for each
 * group of alike regions); `volumes`: every truth volume, with the regions' mean presence given that volume; `sampled`:
 * seeded draws; `experts`: one outcome per expert's mask.
 */
export type LawMethod = 'outcomes' | 'volumes' | 'sampled' | 'experts';

/**
 * The joint law of which regions belong to the true structure: A outcomes with their probabilities, over G groups of
 * voxels that share one prediction. Every expectation of the theory is a sum over it.
 *
 * All volumes share one unit. With method `volumes`, an outcome is a truth volume, and presence in it is a conditional
 * mean. That is exact for every loss that is linear in the overlap given the truth volume (soft Dice, generalised Dice)
 * and wrong for the others, which therefore require another law.
 */
export interface OutcomeLaw {
  readonly method: LawMethod;
  /** S_g, the total volume of the regions of group g; length G. */
  readonly groupVolumes: Float64Array;
  /** Mean probability of a voxel of group g; length G. */
  readonly groupProbabilities: Float64Array;
  /** Probability of each outcome; sums to 1; length A. */
  readonly weights: Float64Array;
  /** Volume of the true structure in each outcome; length A. */
  readonly truthVolumes: Float64Array;
  /** Σ_g prediction_g · X_ag for each outcome a, with X_ag the volume of group g inside the structure. */
  overlaps(predictions: Float64Array): Float64Array;
  /** Σ_a values_a · X_ag for each group g. */
  presence(values: Float64Array): Float64Array;
}

/** V(Ŷ) of one prediction per group. */
export function predictedVolume(law: OutcomeLaw, predictions: Float64Array): number {
  return weightedSum(predictions, law.groupVolumes);
}

/** V(Y), the expected volume of the structure. */
export function expectedTruthVolume(law: OutcomeLaw): number {
  return predictedVolume(law, law.groupProbabilities);
}

/** Volume of the whole image, including background. */
export function imageVolume(law: OutcomeLaw): number {
  return weightedSum(law.groupVolumes);
}

/** Volume of the groups that certainly belong to the structure. */
export function certainVolume(law: OutcomeLaw): number {
  return predictedVolume(
    law,
    law.groupProbabilities.map((p) => (p === 1 ? 1 : 0)),
  );
}

/** Volume of the groups that neither certainly belong to the structure nor certainly do not. */
export function uncertainVolume(law: OutcomeLaw): number {
  return predictedVolume(
    law,
    law.groupProbabilities.map((p) => (isUncertain(p) ? 1 : 0)),
  );
}

/** Indices of the groups that have a volume and neither certainly belong to the structure nor certainly do not. */
export function uncertainGroups({ groupProbabilities, groupVolumes }: OutcomeLaw): number[] {
  return Array.from(groupProbabilities.keys()).filter(
    (g) => isUncertain(groupProbabilities[g] as number) && (groupVolumes[g] as number) > 0,
  );
}
