import type { StepRequest, StepResult } from '../contracts/activities.js';
import { unitId } from '../domain/plan/units.js';
import type { ProcessFacts } from '../storage/store/work-records.js';
import type { SweepContent } from '../storage/sweeps/sweep-content.js';
import { stepInputs, summaryOf } from './step-inputs.js';
import type { PipelineStep, Surroundings } from './step.js';

/** One unit's work: its step, the request and the sweep's content. */
export interface UnitWork {
  readonly step: PipelineStep;
  readonly request: StepRequest;
  readonly content: SweepContent;
}

/**
 * Does one unit's work and stores the result. The process that computes also stores, and saved progress is deleted only
 * once the result is durable, so that a crash at any point loses nothing.
 */
export async function runUnit(
  { step, request, content }: UnitWork,
  surroundings: Surroundings,
  facts: () => Promise<ProcessFacts | undefined> = () => Promise.resolve(undefined),
): Promise<StepResult> {
  const { store, folder, environment } = surroundings;
  const { key, coordinates, gaps, sweepId: sweep } = request;
  const unit = unitId(step.name, coordinates);
  const inputs = stepInputs(store, request.inputs);
  const { caseCount, files, summary } = await step.run({ request, content, inputs }, surroundings);
  const before = step.always ? await store.find(key) : undefined;
  const { resources, process } = (await facts()) ?? {};
  const work = {
    ...{ sweep, step: step.name, key, unit, version: step.version, parameters: step.settingsAt(content, coordinates) },
    inputs: request.inputs.map(({ unit: from, ref }) => ({ unit: from, digest: ref.digest })),
    environment: { ...environment, ...(process !== undefined && { process }) },
    ...(gaps.length > 0 && { gaps: [...gaps] }),
    ...(resources !== undefined && { resources }),
  };
  const made = { files, summary: summaryOf(step, summary, `what ${unit} made`) };
  const ref = await store.put(work, made, { replaces: step.always });
  await step.afterwards({ key, folder });
  return { ref, cached: before?.digest === ref.digest, ...(caseCount !== undefined && { caseCount }) };
}
