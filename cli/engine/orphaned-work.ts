import { setTimeout as pause } from 'node:timers/promises';

import type { Client, WorkflowExecutionInfo, WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';

import { leaveSignalName, sweepWorkflowId } from '../../contracts/workflow-ids.js';
import { taskQueuesOf } from '../../contracts/task-queues.js';
import { DomainError } from '../../domain/domain-error.js';
import { release } from '../../steps/pipeline.js';
import { askServer } from './ask-server.js';

const mostTries = 20;

/** PENDING_ACTIVITY_STATE_STARTED and PENDING_ACTIVITY_STATE_CANCEL_REQUESTED of Temporal's API. */
const heldByWorker = [2, 3];

/**
 * Tidies up after the run that used this server before: ends the workflows of other releases, which no worker would
 * continue, and those of other sweeps, which nobody runs now; and gives back the work of its dead worker. A server that has
 * just started may not answer such requests at once.
 */
export async function takeOverWork(client: Client, sweepId: string): Promise<void> {
  for (let tries = 0; tries < mostTries; tries++) {
    const isTidy = (await endOtherReleases(client)) && (await endOtherSweeps(client, sweepId));
    if (isTidy && (await giveBackOrphanedWork(client))) return;
    await pause(500);
  }
  throw new DomainError('SERVER_UNREACHABLE', 'Temporal’s server does not list its running workflows; try again');
}

async function endOtherReleases(client: Client): Promise<boolean> {
  const running = await askServer(client, () => runningWorkflows(client));
  if (running === undefined) return false;
  const others = running.filter(({ taskQueue }) => taskQueue !== taskQueuesOf(release).workflows);
  for (const { workflowId, runId } of others) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const ended = await end(client, handle, 'another version of volbias takes over');
    if (ended === undefined) return false;
  }
  if (others.some(({ type }) => type === 'sweep')) {
    process.stderr.write('another version of volbias was interrupted here; the results that it stored are kept\n');
  }
  return true;
}

/**
 * Ends the sweeps that were interrupted in this data folder before another one was run: they would take its time. Their
 * results are in the store, and running their configs goes on. Work that the sweep needs, too, goes on.
 */
async function endOtherSweeps(client: Client, sweepId: string): Promise<boolean> {
  const running = await askServer(client, () => runningWorkflows(client));
  if (running === undefined) return false;
  const own = sweepWorkflowId(release, sweepId);
  const units = running.filter(({ type }) => type !== 'sweep');
  for (const { workflowId, runId } of running.filter(
    ({ type, workflowId }) => type === 'sweep' && workflowId !== own,
  )) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const description = await askServer(client, () => handle.describe());
    if (description === undefined) return false;
    const first = description.raw.workflowExecutionInfo?.firstRunId ?? runId;
    for (const unit of units) {
      if (!(await leave(client, unit, first))) return false;
    }
    const ended = await end(client, handle, 'another sweep of this data folder is run');
    if (ended === undefined) return false;
    if (ended === 'before') continue;
    const other = workflowId.slice(sweepWorkflowId(release, '').length);
    process.stderr.write(`${other} was interrupted here; it goes on when its config is run again\n`);
  }
  return true;
}

/** Ends a workflow. `before`: it had ended already, which the server's list may not know yet. undefined without an answer. */
async function end(client: Client, handle: WorkflowHandle, reason: string): Promise<'now' | 'before' | undefined> {
  return askServer(client, async () => {
    await handle.terminate(reason);
    return 'now' as const;
  }).catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError) return 'before' as const;
    throw error;
  });
}

async function leave(client: Client, { workflowId, runId }: WorkflowExecutionInfo, run: string): Promise<boolean> {
  const unit = client.workflow.getHandle(workflowId, runId);
  const left = await askServer(client, async () => {
    await unit.signal(leaveSignalName, run);
    return true;
  }).catch((error: unknown) => {
    // It has ended in the meantime.
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  });
  return left === true;
}

/**
 * Tells the server that the activities of a dead worker have failed, instead of waiting for their heartbeat timeout. This
 * is safe only because the data folder's lock excludes other workers. Returns false if the server did not answer; call it
 * again.
 */
export async function giveBackOrphanedWork(client: Client): Promise<boolean> {
  const lost = ApplicationFailure.create({ type: 'Interrupted', message: 'its worker was lost' });
  const running = await askServer(client, () => runningWorkflows(client));
  if (running === undefined) return false;
  for (const { workflowId, runId } of running) {
    const description = await askServer(client, () => client.workflow.getHandle(workflowId, runId).describe());
    if (description === undefined) return false;
    for (const { activityId, state } of description.raw.pendingActivities ?? []) {
      if (heldByWorker.includes(Number(state)) && typeof activityId === 'string') {
        // It may have ended in the meantime.
        await askServer(client, () => client.activity.fail({ workflowId, runId, activityId }, lost)).catch(
          () => undefined,
        );
      }
    }
  }
  return true;
}

async function runningWorkflows(client: Client): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const one of client.workflow.list({ query: "ExecutionStatus = 'Running'" })) found.push(one);
  return found;
}
