import {
  ApplicationFailure,
  ChildWorkflowFailure,
  condition,
  defineQuery,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';

import type { ArtifactRef } from '../contracts/artifacts.js';
import type { StepRequest } from '../contracts/activities.js';
import { pipeline, type StepName } from '../contracts/pipeline.js';
import {
  progressQueryName,
  type SweepInput,
  type SweepProgress,
  type SweepResult,
  type UnitFailure,
} from '../contracts/sweep.js';
import { workflowTaskQueue } from '../contracts/task-queues.js';
import { trainingUnitWorkflowId } from '../contracts/workflow-ids.js';
import { planUnits, shardCount, unitId, type PlannedUnit } from '../domain/plan/units.js';
import { SweepState, type ReadyUnit } from '../domain/plan/sweep-state.js';
import { progressOf } from '../domain/plan/progress.js';
import { failureOf } from './failure-of.js';
import { runStep, storeActivities } from './run-step.js';
import type { trainingUnit } from './training-unit.js';

/** Training units that are open at one time; the rest wait here, so that the history of a long sweep stays short. */
const openTrainingUnits = 64;

/**
 * One sweep: every unit of the pipeline, each as soon as what it needs is there.
 *
 * Units whose key the store already has are taken from it, a batch at a time. A failed unit does not end the sweep:
 * what does not need it goes on, and the result says what is missing.
 */
export async function sweep(input: SweepInput): Promise<SweepResult> {
  const specification = await storeActivities.readSpecification(input.specification);
  const { models, losses, folds } = specification;
  const state = new SweepState(pipeline, specification.parameters);
  const failures: UnitFailure[] = [];
  const caseCounts = new Map<string, number>();
  let running = 0;
  let openTrainings = 0;
  let settled = 0;

  setHandler(defineQuery<SweepProgress>(progressQueryName), () => progressOf(pipeline, state, failures));

  const grow = (): void => {
    const dataSets = specification.dataSets.map((name) => ({ name, shards: shardCount(caseCounts.get(name) ?? 0) }));
    state.add(planUnits(pipeline, { models, losses, folds, dataSets }));
  };

  const requestFor = ({ unit, key, inputs, gaps }: ReadyUnit): StepRequest => ({
    sweepId: input.sweepId,
    specification: input.specification,
    coordinates: unit.coordinates,
    key,
    inputs,
    gaps,
  });

  const settle = (
    unit: PlannedUnit,
    work: Promise<{ ref: ArtifactRef; cached: boolean; caseCount?: number }>,
  ): void => {
    running++;
    state.mark(unit.id, 'running');
    work
      .then(({ ref, cached, caseCount }) => {
        if (caseCount !== undefined && unit.coordinates.dataSet !== undefined) {
          caseCounts.set(unit.coordinates.dataSet, caseCount);
        }
        state.complete(unit.id, ref, cached ? 'cached' : 'done');
      })
      .catch((error: unknown) => {
        failures.push(failureOf(unit.id, error));
        state.mark(unit.id, 'failed');
      })
      .finally(() => {
        running--;
        settled++;
      });
  };

  const trainInChild = async (ready: ReadyUnit): Promise<{ ref: ArtifactRef; cached: boolean }> => {
    await condition(() => openTrainings < openTrainingUnits);
    openTrainings++;
    try {
      return await executeTrainingUnit(requestFor(ready));
    } finally {
      openTrainings--;
    }
  };

  await runUntilSettled(unitsOf('scan', specification.dataSets));
  grow();
  await runUntilSettled();

  async function runUntilSettled(first: readonly PlannedUnit[] = []): Promise<void> {
    state.add(first);
    for (;;) {
      // Looking up takes a while, in which units settle, and what is found in the store lets others start: only when
      // there is nothing at all to start is there something to wait for.
      const before = settled;
      const ready = state.takeReady();
      if (ready.length > 0) await startAll(ready);
      else if (running > 0) await condition(() => settled > before);
      else return;
    }
  }

  async function startAll(ready: readonly ReadyUnit[]): Promise<void> {
    const known = await lookUp(ready);
    ready.forEach((candidate, index) => {
      const { unit } = candidate;
      const found = known[index];
      if (found !== undefined && found !== null) state.complete(unit.id, found, 'cached');
      else if (unit.step === 'train') settle(unit, trainInChild(candidate));
      else settle(unit, runStep(unit.step, requestFor(candidate)));
    });
  }

  async function lookUp(ready: readonly ReadyUnit[]): Promise<(ArtifactRef | null)[]> {
    const keys = ready.map(({ unit, key }) => (isAlways(unit.step) ? '' : key));
    if (keys.every((key) => key === '')) return keys.map(() => null);
    return storeActivities.findArtifacts(keys);
  }

  const progress = progressOf(pipeline, state, failures);
  const report = state.result(unitId('report', {})) ?? null;
  const evaluated = state
    .all()
    .some(({ unit, status }) => unit.step === 'evaluate' && ['cached', 'done'].includes(status));
  const outcome = failures.length === 0 ? 'complete' : evaluated && report !== null ? 'partial' : 'failed';
  return { ...progress, outcome, report };
}

function isAlways(step: StepName): boolean {
  return pipeline.some(({ name, always }) => name === step && always);
}

function unitsOf(step: StepName, dataSets: readonly string[]): PlannedUnit[] {
  return planUnits(
    pipeline.filter(({ name }) => name === step),
    { models: [], losses: [], folds: 0, dataSets: dataSets.map((name) => ({ name, shards: 0 })) },
  );
}

/** Runs a training in its own workflow, or waits for the one another sweep has started for the same work. */
async function executeTrainingUnit(request: StepRequest): Promise<{ ref: ArtifactRef; cached: boolean }> {
  for (;;) {
    try {
      return await executeChild<typeof trainingUnit>('trainingUnit', {
        args: [request],
        workflowId: trainingUnitWorkflowId(request.key),
        taskQueue: workflowTaskQueue,
        parentClosePolicy: ParentClosePolicy.TERMINATE,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw unwrapped(error);
      await sleep('10 seconds');
    }
  }
}

function unwrapped(error: unknown): unknown {
  if (isCancellation(error)) return error;
  return error instanceof ChildWorkflowFailure && error.cause instanceof ApplicationFailure ? error.cause : error;
}
