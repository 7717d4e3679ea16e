import type { CollapsedTraining, TrainingEnding } from './results-input.js';

/**
 * Why an arm's volumes say nothing about its loss. `collapsed`: at least half of its networks predict one probability everywhere.
 * `unfinished`: its trainings were cut short far from their end.
 */
export type ArmFlaw = 'collapsed' | 'unfinished';

/** By this share of the best loss before, the last epoch of a training that is far from its end still improves. */
export const farFromEnd = 0.1;

interface OfArm {
  readonly model: string;
  readonly loss: string;
}

/**
 * The flaw of an arm of a data set, or null. An arm is unfinished if the lower median of `lastImprovement` over its trainings exceeds
 * `farFromEnd`; a training of one epoch counts as one that improves without limit.
 */
export function armFlaw(
  { dataSet, model, loss }: OfArm & { readonly dataSet: string },
  {
    collapses,
    endings,
  }: { readonly collapses: readonly CollapsedTraining[]; readonly endings: readonly TrainingEnding[] },
): ArmFlaw | null {
  const isOwn = (one: OfArm & { readonly dataSet: string }): boolean =>
    one.dataSet === dataSet && one.model === model && one.loss === loss;
  const own = endings.filter(isOwn);
  if (own.length === 0) return null;
  const constant = collapses.filter((one) => isOwn(one) && one.kept).length;
  if (2 * constant >= own.length) return 'collapsed';
  const improvements = own.map(({ lastImprovement }) => lastImprovement ?? Infinity).sort((a, b) => a - b);
  const median = improvements[Math.floor((improvements.length - 1) / 2)] ?? 0;
  return median > farFromEnd ? 'unfinished' : null;
}
