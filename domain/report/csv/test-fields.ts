import type { MeanTest } from '../../results/results.js';

/** The columns of both tests of a mean, in the order of `testFields`. */
export const testColumns = [
  'including_training_low',
  'including_training_high',
  'including_training_p',
  'folds',
  'degrees_of_freedom',
  'conditional_low',
  'conditional_high',
  'conditional_p',
] as const;

/** Both tests; what is not possible is empty. */
export function testFields({
  includingTraining,
  conditional,
}: Pick<MeanTest, 'includingTraining' | 'conditional'>): (number | null | undefined)[] {
  return [
    ...[includingTraining?.interval[0], includingTraining?.interval[1], includingTraining?.pValue],
    ...[includingTraining?.folds, includingTraining?.degreesOfFreedom],
    ...[conditional.interval?.[0], conditional.interval?.[1], conditional.pValue],
  ];
}

export function yesOrNo(value: boolean): 'yes' | 'no' {
  return value ? 'yes' : 'no';
}
