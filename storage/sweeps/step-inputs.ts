import type { StepRequest } from '../../contracts/activities.js';
import type { StepName } from '../../contracts/pipeline.js';
import { DomainError } from '../../domain/domain-error.js';
import type { ArtifactStore } from '../store/artifact-store.js';

/** The summary of the artifact that a unit was given as input; the caller knows its step, hence its type. */
export async function readInput(store: ArtifactStore, request: StepRequest, unit: string): Promise<unknown> {
  const input = request.inputs.find((candidate) => candidate.unit === unit);
  if (input === undefined) throw new DomainError('STORE_CORRUPT', `the input "${unit}" is missing`);
  return (await store.manifest(input.ref.digest)).summary;
}

/** The summaries of all inputs whose unit is of a step, in the inputs' order; the caller knows their type. */
export async function readInputs(
  store: ArtifactStore,
  request: StepRequest,
  step: StepName,
): Promise<{ readonly unit: string; readonly summary: unknown }[]> {
  const inputs = request.inputs.filter(({ ref }) => ref.step === step);
  return Promise.all(
    inputs.map(async ({ unit, ref }) => ({ unit, summary: (await store.manifest(ref.digest)).summary })),
  );
}
