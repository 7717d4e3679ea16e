import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { Payload, ProtoFailure } from '@temporalio/common';

import { taskQueuesOf } from '../../contracts/task-queues.js';
import { release } from '../../steps/pipeline.js';

/** Temporal retries a failed workflow task forever; a server or worker that restarts makes it fail once or twice. */
const failuresUntilStuck = 3;

/**
 * Why a workflow cannot go on: its tasks keep failing, because this version cannot replay its history or has a fault.
 * Undefined while it can, and while its tasks merely time out for want of a worker.
 */
export async function whyStuck(
  client: Client,
  { workflowId, runId, raw }: WorkflowExecutionDescription,
): Promise<string | undefined> {
  if ((raw.pendingWorkflowTask?.attempt ?? 0) < failuresUntilStuck) return undefined;
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 5,
  });
  for (const event of history?.events ?? []) {
    if (event.workflowTaskCompletedEventAttributes != null) return undefined;
    const failed = event.workflowTaskFailedEventAttributes;
    if (failed?.failure != null) return messageOf(client, failed.failure);
    if (failed != null) return 'its workflow task fails';
  }
  return undefined;
}

/** Of a failure that a worker has sealed, or that Temporal itself reports. */
async function messageOf(client: Client, { message, encodedAttributes }: ProtoFailure): Promise<string> {
  const plain = message ?? '';
  if (encodedAttributes == null) return plain;
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  try {
    let payloads: Payload[] = [encodedAttributes];
    for (const codec of payloadCodecs) payloads = await codec.decode(payloads);
    const [opened] = payloads;
    return opened === undefined ? plain : payloadConverter.fromPayload<{ message: string }>(opened).message;
  } catch {
    // Sealed with the key of another data folder.
    return plain;
  }
}

/** Ends the shared units that cannot go on. Their sweeps learn the reason and go on without them. */
export async function endStuckUnits(client: Client): Promise<void> {
  const queue = taskQueuesOf(release).workflows;
  const query = `WorkflowType = 'sharedUnit' AND TaskQueue = '${queue}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const stuck = await whyStuck(client, await handle.describe());
    if (stuck !== undefined) await handle.terminate(`it cannot go on: ${stuck}`);
  }
}
