import type { NamedInput } from '../contracts/activities.js';
import { DomainError } from '../domain/domain-error.js';
import { stepOfUnit } from '../domain/plan/units.js';
import { faultOf } from '../storage/files/parsed.js';
import type { ArtifactStore } from '../storage/store/artifact-store.js';
import type { PipelineStep } from './step.js';

/** The result of a unit that another one needs. */
export interface StepInput<Summary> {
  readonly unit: string;
  readonly digest: string;
  readonly summary: Summary;
  file(name: string): Promise<Uint8Array>;
}

/** The results that a unit was given, by the step that made them. STORE_CORRUPT where one has another form. */
export interface StepInputs {
  /** All of a step's, in the plan's order. */
  all<Summary>(step: PipelineStep<Summary>): Promise<StepInput<Summary>[]>;
  /** The only one of a step's. */
  one<Summary>(step: PipelineStep<Summary>): Promise<StepInput<Summary>>;
}

export function stepInputs(store: ArtifactStore, inputs: readonly NamedInput[]): StepInputs {
  const all = <Summary>(step: PipelineStep<Summary>): Promise<StepInput<Summary>[]> =>
    Promise.all(
      inputs
        // By the plan's own name of the unit: the record's is only as good as the disk.
        .filter(({ unit }) => stepOfUnit(unit) === step.name)
        .map(async ({ unit, ref: { digest } }) => {
          const manifest = await store.manifest(digest);
          const summary = summaryOf(step, manifest.summary, `the result of ${unit}`);
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

/** A summary in the form that its step declares. */
export function summaryOf<Summary>({ summary }: PipelineStep<Summary>, value: unknown, what: string): Summary {
  const { success, data, error } = summary.safeParse(value);
  if (success) return data;
  throw new DomainError('STORE_CORRUPT', `${what} has another form than its step declares: ${faultOf(error)}`);
}
