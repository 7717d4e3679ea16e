import {
  ActivityCancellationType,
  ApplicationFailure,
  getExternalWorkflowHandle,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';

import type { ArtifactRef } from '../contracts/artifacts.js';
import type { EngineActivities, StepActivities, StepRequest, StepResult } from '../contracts/activities.js';
import { failureKinds } from '../contracts/failures.js';
import { shown } from '../contracts/shown.js';
import type { StepDeclaration } from '../contracts/step-declaration.js';
import { releaseOf, taskQueuesOf } from '../contracts/task-queues.js';
import { leaveSignalName, sharedUnitWorkflowId } from '../contracts/workflow-ids.js';

const nonRetryableErrorTypes = Object.entries(failureKinds)
  .filter(([, { retryable }]) => !retryable)
  .map(([kind]) => kind);

/** Keys per look-up: more would make a large message. */
const keysPerLookUp = 400;

const queues = (): ReturnType<typeof taskQueuesOf> => taskQueuesOf(releaseOf(workflowInfo().taskQueue));

// Attempts are unlimited: a killed worker or an interrupted run is no fault of the unit. The activity itself counts the
// failures of the work, and gives up with an error that is not retried.
const retry = { initialInterval: '1 second', maximumInterval: '30 seconds', nonRetryableErrorTypes } as const;

/** Runs a unit's activity on the queue and within the time limits that its step declares; Temporal's page shows `summary`. */
export async function runStep(step: StepDeclaration, request: StepRequest, summary?: string): Promise<StepResult> {
  const activities = proxyActivities<StepActivities>({
    taskQueue: queues()[step.queue],
    startToCloseTimeout: `${step.startToCloseHours} hours`,
    heartbeatTimeout: `${step.heartbeatSeconds} seconds`,
    // A cancelled training saves its state first.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry,
    ...summaryOf(summary),
  });
  const activity = activities[step.name];
  if (activity === undefined) throw ApplicationFailure.nonRetryable(`there is no activity ${step.name}`);
  return resultFor(request, await activity(request));
}

/** The result itself, which must be that of the requested work: a result of other work may have been put in its place. */
function resultFor({ key }: StepRequest, result: StepResult): StepResult {
  if (result.ref.key === key) return result;
  throw ApplicationFailure.nonRetryable('the result is that of other work', 'StoreCorrupt');
}

/** Quick queries to the store. */
export function storeActivities(): Pick<EngineActivities, 'findArtifacts' | 'readSpecification'> {
  return proxyActivities<Pick<EngineActivities, 'findArtifacts' | 'readSpecification'>>({
    taskQueue: queues().data,
    startToCloseTimeout: '2 minutes',
    retry: { ...retry, maximumAttempts: 5 },
  });
}

/** Looks up the stored artifacts of these keys; an empty key has none. */
export async function lookUp(keys: readonly string[]): Promise<readonly (ArtifactRef | null)[]> {
  if (keys.every((key) => key === '')) return [];
  const found: (ArtifactRef | null)[] = [];
  for (let start = 0; start < keys.length; start += keysPerLookUp) {
    found.push(...(await storeActivities().findArtifacts(keys.slice(start, start + keysPerLookUp))));
  }
  return found;
}

/**
 * Tells a shared unit's workflow that this sweep does not wait any more: the waiting activity itself learns only with its
 * next heartbeat that it is cancelled.
 */
export async function leaveSharedUnit(key: string): Promise<void> {
  const release = releaseOf(workflowInfo().taskQueue);
  const handle = getExternalWorkflowHandle(sharedUnitWorkflowId(release, key));
  // It may not have been joined yet: then the activity leaves by itself.
  await handle.signal(leaveSignalName, workflowInfo().firstExecutionRunId).catch(() => undefined);
}

const summaryOf = (text: string | undefined): { summary?: string } =>
  text === undefined ? {} : { summary: shown(text) };

/** Waits for a shared unit, however long it takes. */
export async function awaitSharedUnit(
  step: StepDeclaration,
  request: StepRequest,
  summary: string,
): Promise<StepResult> {
  const { awaitSharedUnit: wait } = proxyActivities<Pick<EngineActivities, 'awaitSharedUnit'>>({
    taskQueue: queues().waiting,
    startToCloseTimeout: '365 days',
    heartbeatTimeout: '2 minutes',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry,
    ...summaryOf(summary),
  });
  return resultFor(request, await wait(step, request, workflowInfo().firstExecutionRunId));
}
