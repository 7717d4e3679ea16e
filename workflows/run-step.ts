import { proxyActivities, type ActivityInterfaceFor } from '@temporalio/workflow';

import type { Activities, StepRequest, StepResult } from '../contracts/activities.js';
import { failureKinds } from '../contracts/failures.js';
import { declarationOf, pipeline, type StepDeclaration, type StepName } from '../contracts/pipeline.js';
import { taskQueues } from '../contracts/task-queues.js';

const nonRetryableErrorTypes = Object.entries(failureKinds)
  .filter(([, { retryable }]) => !retryable)
  .map(([kind]) => kind);

function activitiesOf(declaration: StepDeclaration): ActivityInterfaceFor<Activities> {
  return proxyActivities<Activities>({
    taskQueue: taskQueues[declaration.queue],
    startToCloseTimeout: `${declaration.startToCloseHours} hours`,
    heartbeatTimeout: `${declaration.heartbeatSeconds} seconds`,
    // No limit on attempts: a killed worker or an interrupted run is nobody's fault. The activity itself counts the
    // failures of the work and gives up with an error that is not retried.
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds', nonRetryableErrorTypes },
  });
}

const proxies = new Map(pipeline.map((declaration) => [declaration.name, activitiesOf(declaration)]));

/** Runs a unit's activity on the queue and within the limits that the pipeline's table gives its step. */
export async function runStep(step: StepName, request: StepRequest): Promise<StepResult> {
  const proxy = proxies.get(step) ?? activitiesOf(declarationOf(step));
  return proxy[step](request);
}

/** Short questions to the store. */
export const storeActivities = proxyActivities<Activities>({
  taskQueue: taskQueues.data,
  startToCloseTimeout: '2 minutes',
  retry: { maximumAttempts: 10, initialInterval: '1 second', nonRetryableErrorTypes },
});
