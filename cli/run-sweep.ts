import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';

import { progressQueryName, type SweepInput, type SweepProgress, type SweepResult } from '../contracts/sweep.js';
import { workflowTaskQueue } from '../contracts/task-queues.js';
import { sweepWorkflowId } from '../contracts/workflow-ids.js';
import type { DataFolder } from '../storage/data-folder.js';
import { writeSweepResult } from '../storage/sweep-results.js';
import type { SweepRecord } from '../storage/sweep-records.js';
import { pause } from './embedded-server.js';
import { configuredAddress, connectEngine, startEmbeddedEngine, type Engine } from './engine.js';
import { createLiveView } from './live-view.js';

const pollMilliseconds = 250;

export interface RunOptions {
  readonly folder: DataFolder;
  readonly record: SweepRecord;
  readonly threads: number;
  readonly address: string | undefined;
}

/** The run was interrupted; the sweep can go on later. */
export class RunInterrupted extends Error {
  override readonly name = 'RunInterrupted';
}

/** Runs a sweep to its end, or joins it where it already runs. Progress goes to standard error. */
export async function runSweep({ folder, record, threads, address }: RunOptions): Promise<SweepResult> {
  const view = createLiveView(process.stderr);
  const external = configuredAddress(address);
  const engine =
    external === undefined
      ? await startEmbeddedEngine(folder, threads, (progress) => {
          view.jobProgress(progress);
        })
      : await connectEngine(external);
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    if (engine.webAddress !== undefined) process.stderr.write(`Temporal's web interface: ${engine.webAddress}\n`);
    const result = await follow(engine, record, interruption.signal, (progress) => {
      view.sweepProgress(progress);
    });
    await writeSweepResult(folder, record.id, result);
    return result;
  } finally {
    view.done();
    if (interruption.signal.aborted) process.stderr.write('stopping: running trainings save their state …\n');
    await engine.close();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

async function follow(
  { client }: Engine,
  record: SweepRecord,
  interruption: AbortSignal,
  onProgress: (progress: SweepProgress) => void,
): Promise<SweepResult> {
  const input: SweepInput = { sweepId: record.id, specification: record.specification };
  const workflowId = sweepWorkflowId(record.id);
  const handle = await client.workflow.start('sweep', {
    workflowId,
    taskQueue: workflowTaskQueue,
    args: [input],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
  });
  const settled = new AbortController();
  const result = (handle.result() as Promise<SweepResult>).finally(() => {
    settled.abort();
  });
  result.catch(() => undefined);
  while (!settled.signal.aborted) {
    if (interruption.aborted) throw new RunInterrupted();
    // The query has no answer before the workflow's first task, nor while the server is being restarted.
    const progress = await handle.query<SweepProgress>(progressQueryName).catch(() => undefined);
    if (progress !== undefined) onProgress(progress);
    await Promise.race([result.catch(() => undefined), pause(pollMilliseconds)]);
  }
  const final = await result;
  onProgress(final);
  return final;
}
