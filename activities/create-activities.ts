import { Context, heartbeat } from '@temporalio/activity';

import type { EngineActivities, StepActivities, StepRequest, StepResult } from '../contracts/activities.js';
import type { FailureKind } from '../contracts/failures.js';
import type { JobProgress } from '../contracts/job-progress.js';
import { progressInWords, shown, unitInWords } from '../contracts/shown.js';
import { digestOfJson } from '../domain/plan/key.js';
import { unitId, type UnitCoordinates } from '../domain/plan/units.js';
import { pipeline, specificationOf } from '../steps/pipeline.js';
import { refuseOtherEnvironment } from './refuse-other-environment.js';
import { declarationIn, keysOf, requestOf, runIdOf, specificationDigestOf } from '../steps/requests.js';
import { runUnit } from '../steps/run-unit.js';
import type { PipelineStep } from '../steps/step.js';
import { surroundingsOf } from '../steps/surroundings.js';
import { DomainError } from '../domain/domain-error.js';
import { dataSetLabel } from '../storage/engine/data-set-label.js';
import { recordedProcess } from '../storage/machine/process-identity.js';
import { beginInWorker } from '../storage/sweeps/worker-deaths.js';
import { forgetFailure } from '../storage/sweeps/failure-records.js';
import { readSweepContent, type SweepContent } from '../storage/sweeps/sweep-content.js';
import type { ActivityContext } from './activity-context.js';
import { awaitSharedUnit } from './await-shared-unit.js';
import { refusalOf, toApplicationFailure } from './to-application-failure.js';
import type { ObservedUnit, UnitEnd } from './unit-observer.js';

/** Creates the activities of every step, over one store. Nothing here knows when they run. */
export function createActivities(context: ActivityContext): {
  readonly steps: StepActivities;
  readonly engine: EngineActivities;
} {
  const { store } = context;
  // What comes from Temporal is input like any other.
  const run = refusing((step: PipelineStep, request: StepRequest) => runStep(context, step, requestOf(request)));
  const steps = pipeline.map((step) => [step.name, (request: StepRequest) => run(step, request)] as const);
  const engine: EngineActivities = {
    findArtifacts: refusing((keys) =>
      Promise.all(keysOf(keys).map(async (key) => (key === '' ? null : ((await store.find(key)) ?? null)))),
    ),
    readSpecification: refusing(async (digest) =>
      specificationOf(await readSweepContent(store, specificationDigestOf(digest))),
    ),
    awaitSharedUnit: refusing(async (step, request, waiting) => {
      const parsed = requestOf(request);
      const dataSet = await labelOf(context, parsed.coordinates);
      return awaitSharedUnit(declarationIn(step), parsed, runIdOf(waiting), dataSet);
    }),
  };
  return { steps: Object.fromEntries(steps), engine };
}

/** The activity, with errors that a retry cannot help as failures that are not retried. */
function refusing<Input extends unknown[], Output>(
  activity: (...input: Input) => Promise<Output>,
): (...input: Input) => Promise<Output> {
  return async (...input) => {
    try {
      return await activity(...input);
    } catch (error) {
      throw refusalOf(error);
    }
  };
}

async function runStep(context: ActivityContext, step: PipelineStep, request: StepRequest): Promise<StepResult> {
  const { store, folder, observer } = context;
  const unit = unitId(step.name, request.coordinates);
  const { workflowExecution, attempt, currentAttemptScheduledTimestampMs: scheduled } = Context.current().info;
  const dataSet = await labelOf(context, request.coordinates);
  const observed = { step: step.name, unit, key: request.key, dataSet, attempt };
  const ended = ending(context, observed);
  observer.began(observed, (Date.now() - scheduled) / 1000);
  try {
    const found = step.always ? undefined : await store.find(request.key);
    if (found !== undefined) {
      // The process that made it may have been killed before it could clean up.
      await step.afterwards({ key: request.key, folder });
      ended({ result: 'cached' });
      return { ref: found, cached: true };
    }
    const result = await compute(context, step, request, dataSet);
    // The record of an earlier failure is only for people, so failing to delete it does not fail the unit.
    await forgetFailure(folder, request.sweepId, unit).catch(() => undefined);
    ended({ result: result.cached ? 'cached' : 'computed' });
    return result;
  } catch (error) {
    const failed = { sweepId: request.sweepId, unit, key: request.key, runId: workflowExecution?.runId ?? '', attempt };
    const failure = await toApplicationFailure(context, { ...failed, mostAttempts: step.attempts }, error);
    const { type, nonRetryable } = failure;
    ended({ result: 'failed', kind: type as FailureKind, retried: nonRetryable !== true, error }); // boundary: made above
    throw failure;
  }
}

/** Tells the observer of a unit's end, and of the time since now. */
function ending({ observer }: ActivityContext, unit: ObservedUnit): (end: UnitEnd) => void {
  const start = performance.now();
  return (end) => {
    observer.ended(unit, end, (performance.now() - start) / 1000);
  };
}

async function compute(
  context: ActivityContext,
  step: PipelineStep,
  request: StepRequest,
  dataSet: string | undefined,
): Promise<StepResult> {
  const unit = unitId(step.name, request.coordinates);
  const signal = Context.current().cancellationSignal;
  const content = await readSweepContent(context.store, request.specification);
  const numerics = step.numericsAt(content, request.coordinates);
  if (numerics !== undefined) refuseOtherEnvironment(content.environment, context.environment);
  // Temporal's page shows the last one, and no history keeps it.
  const words = unitInWords(step.name, request.coordinates, dataSet);
  const onProgress = (progress: Omit<JobProgress, 'unit'>): void => {
    heartbeat(shown(progressInWords(words, progress)));
  };
  if (step.ownProcess) {
    const shape = step.queue === 'training' ? { shape: shapeOf(step, request, content) } : {};
    const job = { step: step.name, unit, request, stallSeconds: step.heartbeatSeconds, numerics, ...shape };
    return context.compute.run(job, { onProgress, signal });
  }
  const surroundings = await surroundingsOf(request, content, {
    ...{ ...context, signal, onProgress },
    onRemark: (text) => context.onRemark?.(`${unit} ${text}`),
  });
  return inWorker(context, { step, request }, () => runUnit({ step, request, content }, surroundings));
}

/** What stands for the data set of a unit where Temporal shows it. */
async function labelOf({ folder }: ActivityContext, { dataSet }: UnitCoordinates): Promise<string | undefined> {
  return dataSet === undefined ? undefined : dataSetLabel(folder, process.env, dataSet);
}

/** The same for all units that differ only in their cases. */
function shapeOf(step: PipelineStep, { coordinates }: StepRequest, content: SweepContent): string {
  const { model, loss } = coordinates;
  return digestOfJson({ step: step.name, model, loss, settings: step.settingsAt(content, coordinates) });
}

/** Does work in this process, unless workers have died at it as often as it may fail. */
async function inWorker(
  { folder }: ActivityContext,
  { step, request: { sweepId, coordinates } }: { step: PipelineStep; request: StepRequest },
  work: () => Promise<StepResult>,
): Promise<StepResult> {
  const unit = unitId(step.name, coordinates);
  const { deaths, end } = await beginInWorker(folder, { sweepId, unit, supervisor: recordedProcess(process.ppid) });
  try {
    if (deaths < step.attempts) return await work();
    const log = `worker.log in ${folder.logs}`;
    throw new DomainError('GIVEN_UP', `${unit}: its worker died ${deaths} times while it computed this; see ${log}`);
  } finally {
    await end();
  }
}
