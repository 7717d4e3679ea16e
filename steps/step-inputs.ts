import type { z } from 'zod';

import type { NamedInput } from '../contracts/activities.js';
import { DomainError } from '../domain/domain-error.js';
import { stepOfUnit } from '../domain/plan/units.js';
import { faultOf } from '../storage/files/parsed.js';
import type { ArtifactStore } from '../storage/store/artifact-store.js';
import type { PipelineStep } from './step.js';

/** The result of a unit that another unit needs. */
export interface StepInput<Summary> {
  readonly unit: string;
  readonly digest: string;
  readonly summary: Summary;
  file(name: string): Promise<Uint8Array>;
}

/** The results that a unit receives, by the step that made them. STORE_CORRUPT if one does not match its schema. */
export interface StepInputs {
  /** All results of a step, in the order of the plan. */
  all<Summary>(step: PipelineStep<Summary>): Promise<StepInput<Summary>[]>;
  /** The only result of a step. STORE_CORRUPT if there is not exactly one. */
  one<Summary>(step: PipelineStep<Summary>): Promise<StepInput<Summary>>;
}

/** Results as records name them: by their digests alone, so that none is disowned. */
export function inputsByDigest(inputs: readonly { readonly unit: string; readonly digest: string }[]): NamedInput[] {
  return inputs.map(({ unit, digest }) => ({ unit, ref: { step: stepOfUnit(unit), key: '', digest } }));
}

export function stepInputs(store: ArtifactStore, inputs: readonly NamedInput[]): StepInputs {
  const all = <Summary>(step: PipelineStep<Summary>): Promise<StepInput<Summary>[]> =>
    Promise.all(
      inputs
        // Uses the unit's name from the plan: the one in the record is only as reliable as the disk.
        .filter(({ unit }) => stepOfUnit(unit) === step.name)
        .map(async ({ unit, ref: { key, digest } }) => {
          const manifest = await store.manifest(digest);
          const { success, data: summary, error } = step.summary.safeParse(manifest.summary);
          if (!success) {
            // Without a key, it is read by its digest alone.
            if (key !== '') await store.disown({ key, digest });
            throw otherForm(`the result of ${unit}`, error);
          }
          return { unit, digest, summary, file: (name: string) => store.readFile(manifest, name) };
        }),
    );
  return {
    all,
    one: async (step) => {
      const [only, ...others] = await all(step);
      if (only === undefined || others.length > 0) {
        throw new DomainError('STORE_CORRUPT', `expected one input of the step ${step.name}`);
      }
      return only;
    },
  };
}

/** Checks a summary against its step's schema. STORE_CORRUPT if it does not match. */
export function summaryOf<Summary>({ summary }: PipelineStep<Summary>, value: unknown, what: string): Summary {
  const { success, data, error } = summary.safeParse(value);
  if (success) return data;
  throw otherForm(what, error);
}

function otherForm(what: string, error: z.ZodError): DomainError {
  return new DomainError('STORE_CORRUPT', `${what} has another form than its step declares: ${faultOf(error)}`);
}
