import { setTimeout as pause } from 'node:timers/promises';

import { WorkflowFailedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { CancelledFailure, rootCause, TerminatedFailure } from '@temporalio/common';

import { progressQueryName, type SweepInput, type SweepProgress, type SweepResult } from '../../contracts/sweep.js';
import { DomainError } from '../../domain/domain-error.js';
import { workflowTaskQueue } from '../../contracts/task-queues.js';
import { sweepWorkflowId } from '../../contracts/workflow-ids.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { sweepResult, writeSweepResult } from '../../storage/sweeps/sweep-results.js';
import type { SweepRecord } from '../../storage/sweeps/sweep-records.js';
import { askServer } from './ask-server.js';
import { configuredAddress, connectEngine, startEmbeddedEngine, type Engine } from './engine.js';
import { createLiveView, type LiveView } from '../terminal/live-view.js';

const [shortestPollMilliseconds, longestPollMilliseconds] = [250, 2000];
const secondsWithoutWorker = 10;

export interface RunOptions {
  readonly folder: DataFolder;
  readonly record: SweepRecord;
  readonly threads: number;
  readonly address: string | undefined;
}

/** The run was interrupted. The sweep can be resumed. */
export class RunInterrupted extends Error {
  override readonly name = 'RunInterrupted';
}

/** Runs a sweep to its end, or joins it if it is running. Progress goes to standard error. */
export async function runSweep({ folder, record, threads, address }: RunOptions): Promise<SweepResult> {
  const view = createLiveView(process.stderr);
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  let engine: Engine | undefined;
  try {
    engine = await startEngine(folder, threads, address, view);
    if (engine.webAddress !== undefined) process.stderr.write(`Temporal's web interface: ${engine.webAddress}\n`);
    const result = await follow(engine, record, interruption.signal, (progress) => {
      view.sweepProgress(progress);
    });
    await writeSweepResult(folder, record.id, result);
    return result;
  } finally {
    view.done();
    if (interruption.signal.aborted) process.stderr.write('stopping: running trainings save a checkpoint …\n');
    await engine?.close();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

async function startEngine(
  folder: DataFolder,
  threads: number,
  address: string | undefined,
  view: LiveView,
): Promise<Engine> {
  const external = configuredAddress(address);
  if (external !== undefined) return connectEngine(external);
  return startEmbeddedEngine(folder, threads, (progress) => {
    view.jobProgress(progress);
  });
}

/**
 * Starts or joins the sweep's workflow and polls its progress until it closes. The result is requested only then: a
 * pending request would block closing the connection and fail when the server restarts.
 */
async function follow(
  engine: Engine,
  record: SweepRecord,
  interruption: AbortSignal,
  onProgress: (progress: SweepProgress) => void,
): Promise<SweepResult> {
  const { client } = engine;
  const begun = performance.now();
  const stopIfInterrupted = (): void => {
    if (interruption.aborted) throw new RunInterrupted();
  };
  stopIfInterrupted();
  const input: SweepInput = { sweepId: record.id, specification: record.specification };
  const workflowId = sweepWorkflowId(record.id);
  const handle = await client.workflow.start('sweep', {
    workflowId,
    taskQueue: workflowTaskQueue,
    args: [input],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
  });
  const waiting = onceAfter(
    secondsWithoutWorker,
    'no worker has answered yet; start one with: volbias worker --address …',
  );
  for (;;) {
    stopIfInterrupted();
    const failed = engine.failure();
    if (failed !== undefined) throw failed;
    const description = await askServer(client, () => handle.describe());
    if (description !== undefined && description.status.name !== 'RUNNING') break;
    // The query fails before the workflow's first task, and while the worker or the server restarts.
    const progress = await askServer(client, () => handle.query<SweepProgress>(progressQueryName)).catch(
      () => undefined,
    );
    if (progress !== undefined) onProgress(progress);
    else if (engine.webAddress === undefined) waiting.tell();
    await pause(pollMilliseconds(begun), undefined, { signal: interruption }).catch(() => undefined);
  }
  const result = sweepResult.parse(await handle.result().catch(endedWithoutResult));
  onProgress(result);
  return result;
}

/** Longer the longer a sweep takes: every question costs the server and the worker time that a training could use. */
function pollMilliseconds(begun: number): number {
  return Math.min(longestPollMilliseconds, shortestPollMilliseconds + (performance.now() - begun) / 50);
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
  throw new DomainError('SWEEP_ENDED', `the sweep has ended without a result: ${reason}; the same command resumes it`);
}

/** Prints a message to standard error once, if `tell` is called after the given time. */
function onceAfter(seconds: number, text: string): { tell(): void } {
  const due = performance.now() + seconds * 1000;
  let said = false;
  return {
    tell: () => {
      if (said || performance.now() < due) return;
      process.stderr.write(`${text}\n`);
      said = true;
    },
  };
}
