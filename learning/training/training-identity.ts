import { digestOfJson } from '../../domain/plan/key.js';
import type { FitOptions } from './fit-options.js';
import type { CaseHandle } from './training-case.js';

const sortedIds = (cases: readonly CaseHandle[]): readonly string[] => cases.map(({ id }) => id).sort();

/**
 * A digest of what the course of a training depends on, so that no other training's checkpoint is taken for its own.
 * The bytes of the cases are not in it: whoever keeps the checkpoint knows them.
 */
export function trainingIdentity(options: FitOptions): string {
  const { network, loss, cropShape, streamName, training } = options;
  // What is made of a collapse is decided when the course has come to its end.
  const settings = { ...training, checkpointMinutes: 'does not matter', onConstantPrediction: undefined };
  const trainingIds = sortedIds(options.trainingCases);
  const validationIds = sortedIds(options.validationCases);
  return digestOfJson({ network, loss, cropShape, streamName, settings, trainingIds, validationIds });
}
