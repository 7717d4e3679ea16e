import type { StepRequest } from '../contracts/activities.js';
import { DomainError } from '../domain/domain-error.js';
import type { ArtifactStore } from './artifact-store.js';

/** The summary of the artifact that a unit was given as input. */
export async function readInput<Summary>(store: ArtifactStore, request: StepRequest, unit: string): Promise<Summary> {
  const input = request.inputs.find((candidate) => candidate.unit === unit);
  if (input === undefined) throw new DomainError('STORE_CORRUPT', `the input "${unit}" is missing`);
  return (await store.manifest(input.ref.digest)).summary as Summary;
}

/** The summaries of all inputs whose unit is of a step, in the inputs' order. */
export async function readInputs<Summary>(
  store: ArtifactStore,
  request: StepRequest,
  step: string,
): Promise<{ readonly unit: string; readonly digest: string; readonly summary: Summary }[]> {
  const inputs = request.inputs.filter(({ ref }) => ref.step === step);
  return Promise.all(
    inputs.map(async ({ unit, ref }) => ({
      unit,
      digest: ref.digest,
      summary: (await store.manifest(ref.digest)).summary as Summary,
    })),
  );
}
