import { Context, heartbeat } from '@temporalio/activity';
import {
  WorkflowFailedError,
  type Client,
  type WorkflowHandle,
  type WorkflowHandleWithSignaledRunId,
} from '@temporalio/client';
import {
  ActivityFailure,
  ApplicationFailure,
  WorkflowNotFoundError,
  type SearchAttributePair,
} from '@temporalio/common';

import type { StepRequest, StepResult } from '../contracts/activities.js';
import type { FailureKind } from '../contracts/failures.js';
import { shown, unitInWords } from '../contracts/shown.js';
import type { StepDeclaration } from '../contracts/step-declaration.js';
import { releaseOf, taskQueuesOf } from '../contracts/task-queues.js';
import { joinSignalName, leaveSignalName, sharedUnitWorkflowId } from '../contracts/workflow-ids.js';
import { isUnknownSearchAttribute, searchAttributesOf } from './search-attributes.js';

/** A sweep waits for many units at a time, and each heartbeat costs the server a transaction. */
const heartbeatMilliseconds = 30_000;
const abandoned = 'Abandoned' satisfies FailureKind;

/**
 * Starts the workflow of a shared unit, or joins the one that another sweep has started, and waits for the result. One
 * activity does all the waiting, so a sweep's history does not grow meanwhile. A cancelled sweep leaves the workflow. A
 * stopping worker does not, because its sweep continues on the next worker; nor does a sweep that continues in its next
 * execution, which has the same `waiting`: the id of the run's first execution. `dataSet` stands for the unit's data set
 * where Temporal shows it: never its name.
 */
export async function awaitSharedUnit(
  step: StepDeclaration,
  request: StepRequest,
  waiting: string,
  dataSet?: string,
): Promise<StepResult> {
  const context = Context.current();
  const beat = setInterval(heartbeat, heartbeatMilliseconds);
  let handle: WorkflowHandle | undefined;
  try {
    handle = await join(context, { step, request, waiting, dataSet });
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

interface WaitedFor {
  readonly step: StepDeclaration;
  readonly request: StepRequest;
  readonly waiting: string;
  readonly dataSet: string | undefined;
}

/**
 * The unit has the priority of the sweep that is the first to need it. Trainings and evaluations of different data sets
 * take turns. Of other units the steps take turns: the few that a prepared data set still needs do not wait until all are
 * prepared, and its trainings begin meanwhile.
 */
async function join(
  { client, info }: Context,
  { step, request, waiting, dataSet }: WaitedFor,
): Promise<WorkflowHandle> {
  const release = releaseOf(info.taskQueue);
  const workflowId = sharedUnitWorkflowId(release, request.key);
  const priorityKey = info.priority?.priorityKey;
  const start = (typedSearchAttributes: SearchAttributePair[]): Promise<WorkflowHandleWithSignaledRunId> =>
    client.workflow.signalWithStart('sharedUnit', {
      ...{ workflowId, taskQueue: taskQueuesOf(release).workflows, args: [step, request], typedSearchAttributes },
      ...{ signal: joinSignalName, signalArgs: [waiting] },
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: shown(unitInWords(step.name, request.coordinates, dataSet)),
      priority: {
        ...(priorityKey !== undefined && priorityKey > 0 && { priorityKey }),
        fairnessKey: step.queue === 'training' ? (dataSet ?? step.name) : step.name,
      },
    });
  const attributes = searchAttributesOf(step.name, request.coordinates, dataSet);
  const { signaledRunId } = await start(attributes).catch((error: unknown) => {
    if (!isUnknownSearchAttribute(error)) throw error;
    return start([]);
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
