import { Context, heartbeat } from '@temporalio/activity';
import { WorkflowFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';

import type { StepRequest, StepResult } from '../contracts/activities.js';
import type { FailureKind } from '../contracts/failures.js';
import type { StepDeclaration } from '../contracts/step-declaration.js';
import { releaseOf, taskQueuesOf } from '../contracts/task-queues.js';
import { joinSignalName, leaveSignalName, sharedUnitWorkflowId } from '../contracts/workflow-ids.js';

/** A sweep waits for many units at a time, and each heartbeat costs the server a transaction. */
const heartbeatMilliseconds = 30_000;
const abandoned = 'Abandoned' satisfies FailureKind;

/**
 * Starts the workflow of a shared unit, or joins the one that another sweep has started, and waits for the result. One
 * activity does all the waiting, so a sweep's history does not grow meanwhile. A cancelled sweep leaves the workflow. A
 * stopping worker does not, because its sweep continues on the next worker; nor does a sweep that continues in its next
 * execution, which has the same `waiting`: the id of the run's first execution.
 */
export async function awaitSharedUnit(
  step: StepDeclaration,
  request: StepRequest,
  waiting: string,
): Promise<StepResult> {
  const context = Context.current();
  const beat = setInterval(heartbeat, heartbeatMilliseconds);
  let handle: WorkflowHandle | undefined;
  try {
    handle = await join(context.client, releaseOf(context.info.taskQueue), { step, request, waiting });
    return await Promise.race([resultOf(handle), context.cancelled]);
  } catch (error) {
    const { notFound = false, cancelRequested = false } = context.cancellationDetails ?? {};
    const left = cancelRequested || (notFound && !(await goesOn(context.client, waiting)));
    if (left) await handle?.signal(leaveSignalName, waiting).catch(unlessEnded);
    throw error;
  } finally {
    clearInterval(beat);
  }
}

/** The sweep itself may have left before, so that the workflow has ended. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

/** Whether the run that waits has only passed on to its next execution. */
async function goesOn(client: Client, waiting: string): Promise<boolean> {
  const workflowId = Context.current().info.workflowExecution?.workflowId ?? '';
  const { status, raw } = await client.workflow.getHandle(workflowId).describe();
  return status.name === 'RUNNING' && raw.workflowExecutionInfo?.firstRunId === waiting;
}

async function join(
  client: Client,
  release: string,
  { step, request, waiting }: { step: StepDeclaration; request: StepRequest; waiting: string },
): Promise<WorkflowHandle> {
  const workflowId = sharedUnitWorkflowId(release, request.key);
  const { signaledRunId } = await client.workflow.signalWithStart('sharedUnit', {
    workflowId,
    taskQueue: taskQueuesOf(release).workflows,
    args: [step, request],
    signal: joinSignalName,
    signalArgs: [waiting],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
  return client.workflow.getHandle(workflowId, signaledRunId);
}

async function resultOf(handle: WorkflowHandle): Promise<StepResult> {
  try {
    return (await handle.result()) as StepResult; // boundary: `sharedUnit` returns this type
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
    if (!(cause instanceof ApplicationFailure)) {
      const reason = cause instanceof Error ? cause.message : error.message;
      throw ApplicationFailure.nonRetryable(`its workflow was ended: ${reason}`, 'GivenUp');
    }
    // The sweep has left, and does not try again; or the others left just as this one joined, and it does.
    if (cause.type === abandoned) {
      throw ApplicationFailure.create({ type: 'Interrupted' satisfies FailureKind, message: cause.message });
    }
    const { type, message, details } = cause;
    throw ApplicationFailure.create({
      type: type ?? 'Unexpected',
      message,
      details: details ?? [],
      nonRetryable: true,
    });
  }
}
