import { setTimeout as pause } from 'node:timers/promises';

import {
  WorkflowFailedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowHandle,
} from '@temporalio/client';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  rootCause,
  TerminatedFailure,
  WorkflowNotFoundError,
} from '@temporalio/common';

import type { FailureKind } from '../../contracts/failures.js';
import {
  progressQueryName,
  statusesQueryName,
  updateNames,
  type SweepInput,
  type SweepProgress,
  type SweepResult,
  type UnitsByStatus,
} from '../../contracts/sweep.js';
import { DomainError } from '../../domain/domain-error.js';
import type { HoldRule } from '../../domain/plan/holds.js';
import { cancelledUnit } from '../../domain/plan/units.js';
import { taskQueuesOf } from '../../contracts/task-queues.js';
import { sweepWorkflowId } from '../../contracts/workflow-ids.js';
import { workflowPatience } from '../../contracts/workflow-patience.js';
import { release } from '../../steps/pipeline.js';
import { sweepResult } from '../../storage/sweeps/sweep-results.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { askServer } from './ask-server.js';
import { allBut, haveEnded, type Rerun } from './rerun.js';
import { openSweep, updateSweep } from './live-sweep.js';
import type { Engine } from './engine.js';
import { endStuckUnits, whyStuck } from './stuck-workflow.js';

const [shortestPollMilliseconds, longestPollMilliseconds] = [250, 2000];
/** Looking for stuck units asks the server for each that runs. */
const secondsBetweenUnits = 60;
const secondsBetweenStatuses = 5;

const defaultPriority = 3;

/** Who follows a sweep, and what that one is told. */
export interface Follower {
  readonly rerun?: Rerun;
  /** What a sweep holds that begins anew; one that is running knows it itself. */
  readonly holds: readonly HoldRule[];
  /** What such a sweep does without. */
  readonly cancelled: readonly string[];
  /** From 1, which goes first, to 5; 3 unless it is said. A sweep that is running keeps its own. */
  readonly priority?: number;
  readonly interruption: AbortSignal;
  onProgress(progress: SweepProgress): void;
  /** Called less often: of a large sweep, these are many names. */
  onStatuses(units: UnitsByStatus): void;
  /** Called once if the sweep was running already, with another priority than the one that was asked for. */
  onOtherPriority(own: number): void;
  /** Called whenever the server has answered but the workflow has not: its worker is busy, restarting or not there. */
  onNoAnswer(): void;
}

/** Of an interrupted sweep, the units that were to run again have ended; its other units wait for its next run. */
export class UnitsHaveRun extends Error {
  override readonly name = 'UnitsHaveRun';

  constructor(readonly units: UnitsByStatus) {
    super('only the failed units were to run');
  }
}

/** The run was interrupted. The sweep can be resumed. */
export class RunInterrupted extends Error {
  override readonly name = 'RunInterrupted';
}

/**
 * Starts or joins the sweep's workflow and polls its progress until it closes. The result is requested only then: a
 * pending request would block closing the connection and fail when the server restarts.
 */
export async function followSweep(engine: Engine, record: SweepRecord, follower: Follower): Promise<SweepResult> {
  const { client } = engine;
  const begun = performance.now();
  const unitsDue = every(secondsBetweenUnits);
  const statusesDue = every(secondsBetweenStatuses);
  const compared = once((own: number) => {
    if (follower.priority !== undefined && own !== follower.priority) follower.onOtherPriority(own);
  });
  let handle: WorkflowHandle | undefined;
  for (;;) {
    if (follower.interruption.aborted) throw new RunInterrupted();
    const failed = engine.failure();
    if (failed !== undefined) throw failed;
    handle ??= await begin(client, record, follower);
    const description = handle === undefined ? undefined : await described(client, handle);
    if (description === 'lost') {
      // The server has begun with a new database.
      handle = undefined;
    } else if (description !== undefined && handle !== undefined) {
      if (description.status.name !== 'RUNNING') break;
      compared(description.priority?.priorityKey || defaultPriority);
      const stuck = await askServer(client, () => whyStuck(client, description));
      if (stuck !== undefined) await endStuck(client, handle, stuck);
      if (unitsDue()) await askServer(client, () => endStuckUnits(client));
      await askProgress(client, handle, follower);
      if (statusesDue()) await askStatuses(client, handle, follower);
    }
    await pause(pollMilliseconds(begun), undefined, { signal: follower.interruption }).catch(() => undefined);
  }
  const result = sweepResult.parse(await handle.result().catch(endedWithoutResult));
  follower.onProgress(result);
  return result;
}

/** Undefined if the server does not answer. */
async function begin(client: Client, record: SweepRecord, follower: Follower): Promise<WorkflowHandle | undefined> {
  const { rerun } = follower;
  const open = rerun && (await openSweep(client, record.id));
  if (open === undefined) return askServer(client, () => startOrJoin(client, record, follower));
  if (rerun?.alone === true) await updateSweep(client, open, updateNames.pause, [{}]);
  // An interrupted run goes on. It knows better what has failed, so what it refuses does not matter.
  await updateSweep(client, open, updateNames.rerun, rerun?.units ?? []).catch(unlessRefused);
  return open;
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof DomainError) || error.code !== 'ARGUMENT_INVALID') throw error;
}

function startOrJoin(
  client: Client,
  record: SweepRecord,
  { rerun, priority, holds, cancelled }: Follower,
): Promise<WorkflowHandle> {
  const { id: sweepId, specification } = record;
  const known = new Set((rerun?.kept ?? []).map(({ unit }) => unit));
  const kept = [...(rerun?.kept ?? []), ...cancelled.filter((unit) => !known.has(unit)).map(cancelledUnit)];
  const held = rerun?.alone === true ? allBut(rerun.units) : holds;
  const input: SweepInput = {
    ...{ sweepId, specification },
    ...(kept.length > 0 && { keptFailures: kept }),
    ...(held.length > 0 && { holds: held }),
  };
  return client.workflow.start('sweep', {
    workflowId: sweepWorkflowId(release, record.id),
    taskQueue: taskQueuesOf(release).workflows,
    workflowTaskTimeout: workflowPatience,
    args: [input],
    ...(priority !== undefined && { priority: { priorityKey: priority } }),
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
  });
}

async function described(
  client: Client,
  handle: WorkflowHandle,
): Promise<WorkflowExecutionDescription | 'lost' | undefined> {
  try {
    return await askServer(client, () => handle.describe());
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'lost';
    throw error;
  }
}

/** The query fails before the workflow's first task, and while the worker or the server restarts. */
async function askProgress(client: Client, handle: WorkflowHandle, follower: Follower): Promise<void> {
  const progress = await askServer(client, () => handle.query<SweepProgress>(progressQueryName)).catch(() => undefined);
  if (progress === undefined) follower.onNoAnswer();
  else follower.onProgress(progress);
}

async function askStatuses(client: Client, handle: WorkflowHandle, follower: Follower): Promise<void> {
  const units = await askServer(client, () => handle.query<UnitsByStatus>(statusesQueryName)).catch(() => undefined);
  if (units === undefined) return;
  follower.onStatuses(units);
  if (follower.rerun?.alone !== true || !haveEnded(follower.rerun.units, units)) return;
  // What waits is not held for good: the next run of the config begins anew, with all stored results.
  await askServer(client, () => handle.terminate('only the failed units were to run'));
  throw new UnitsHaveRun(units);
}

/** Ends a workflow that cannot go on, so that the next run starts it anew. */
async function endStuck(client: Client, handle: WorkflowHandle, reason: string): Promise<never> {
  await askServer(client, () => handle.terminate(reason));
  throw new DomainError(
    'SWEEP_ENDED',
    `the sweep's workflow cannot go on: ${reason}; the same command starts it anew, with all stored results`,
  );
}

/** Why the workflow itself has ended, without the stack of its client. */
function endedWithoutResult(error: unknown): never {
  if (!(error instanceof WorkflowFailedError)) throw error;
  const { cause } = error;
  const fromOutside = 'through Temporal; the same command resumes it';
  if (cause instanceof CancelledFailure) throw new DomainError('SWEEP_ENDED', `the sweep was cancelled ${fromOutside}`);
  if (cause instanceof TerminatedFailure) {
    throw new DomainError('SWEEP_ENDED', `the sweep was terminated ${fromOutside}`);
  }
  const reason = rootCause(error) ?? error.message;
  const failure = cause instanceof ActivityFailure ? cause.cause : cause;
  const isCorrupt = failure instanceof ApplicationFailure && failure.type === ('StoreCorrupt' satisfies FailureKind);
  if (isCorrupt) throw new DomainError('STORE_CORRUPT', reason);
  throw new DomainError('SWEEP_ENDED', `the sweep has ended without a result: ${reason}; the same command resumes it`);
}

/** Longer the longer a sweep takes: every question costs the server and the worker time that a training could use. */
function pollMilliseconds(begun: number): number {
  return Math.min(longestPollMilliseconds, shortestPollMilliseconds + (performance.now() - begun) / 50);
}

/** Whether the given time has passed since it last said so, or since it was made. */
function every(seconds: number): () => boolean {
  let last = performance.now();
  return () => {
    if (performance.now() < last + seconds * 1000) return false;
    last = performance.now();
    return true;
  };
}

function once<T>(act: (value: T) => void): (value: T) => void {
  let isDone = false;
  return (value) => {
    if (!isDone) act(value);
    isDone = true;
  };
}
