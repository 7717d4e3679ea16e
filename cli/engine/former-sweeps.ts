import { setTimeout as pause } from 'node:timers/promises';

import type { Client, WorkflowHandle } from '@temporalio/client';

import { sweepWorkflowId } from '../../contracts/workflow-ids.js';
import { releaseOf } from '../../contracts/task-queues.js';
import { release } from '../../steps/pipeline.js';
import { askServer } from './ask-server.js';

/** An open workflow of a sweep that another version of volbias has started. */
export interface FormerSweep {
  readonly release: string;
  readonly handle: WorkflowHandle;
}

/** The open workflows of a sweep that other versions have started; undefined if the server does not answer. */
export async function formerSweeps(client: Client, id: string): Promise<FormerSweep[] | undefined> {
  return askServer(client, async () => {
    const found: FormerSweep[] = [];
    const query = "ExecutionStatus = 'Running' AND WorkflowType = 'sweep'";
    for await (const { workflowId, runId, taskQueue } of client.workflow.list({ query })) {
      const own = releaseOf(taskQueue);
      if (own === release || workflowId !== sweepWorkflowId(own, id)) continue;
      found.push({ release: own, handle: client.workflow.getHandle(workflowId, runId) });
    }
    return found;
  });
}

/** Trainings save their state within this time, if their workers still run. */
const secondsToStop = 90;

/**
 * Ends a sweep of another version: its workers, if there are any, let trainings save checkpoints first. Returns whether
 * they did.
 */
export async function endFormerSweep(client: Client, { handle }: FormerSweep): Promise<boolean> {
  await askServer(client, () => handle.cancel());
  const end = performance.now() + secondsToStop * 1000;
  while (performance.now() < end) {
    const description = await askServer(client, () => handle.describe());
    if (description !== undefined && description.status.name !== 'RUNNING') return true;
    await pause(500);
  }
  await askServer(client, () => handle.terminate('another version of volbias takes over'));
  return false;
}
