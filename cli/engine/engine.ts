import { setTimeout as pause } from 'node:timers/promises';

import { Client, Connection } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';

import type { JobProgress } from '../../contracts/job-progress.js';
import { DomainError } from '../../domain/domain-error.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { askServer } from './ask-server.js';
import { startEmbeddedServer } from './embedded-server.js';
import { startEmbeddedWorker } from './embedded-worker.js';
import { takeProjectLock } from './project-lock.js';

/** A connection to Temporal, with the server and worker that were started for it. */
export interface Engine {
  readonly client: Client;
  readonly webAddress: string | undefined;
  /** Why waiting any longer is useless; undefined while it is not. */
  failure(): DomainError | undefined;
  close(): Promise<void>;
}

/** The configured Temporal address: from the flag, the environment or Temporal's own config file. */
export function configuredAddress(flag: string | undefined): string | undefined {
  return flag ?? loadClientConnectConfig().connectionOptions.address;
}

/** Connects to an external server, which has its own workers. */
export async function connectEngine(address: string): Promise<Engine> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await Connection.connect({ ...connectionOptions, address }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError('SERVER_UNREACHABLE', `no Temporal server answers at ${address}: ${reason}`);
  });
  const client = new Client({ connection, ...(namespace !== undefined && { namespace }) });
  return { client, webAddress: undefined, failure: () => undefined, close: () => connection.close() };
}

/** Starts a server and a worker for this data folder only. */
export async function startEmbeddedEngine(
  folder: DataFolder,
  threads: number,
  onProgress: (progress: JobProgress) => void,
): Promise<Engine> {
  const undo: (() => Promise<void>)[] = [await takeProjectLock(folder)];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const server = await startEmbeddedServer(folder);
    undo.push(() => server.stop());
    const connection = await Connection.connect({ address: server.address });
    undo.push(() => connection.close());
    const client = new Client({ connection });
    await untilGivenBack(client);
    const worker = startEmbeddedWorker({
      folder,
      address: server.address,
      embedded: true,
      threads,
      onProgress,
      onLost: () => giveBackOrphanedWork(client),
    });
    undo.push(() => worker.stop());
    return { client, webAddress: server.webAddress, failure: () => server.failure() ?? worker.failure(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const mostTries = 20;

/** Retries, because a server that has just started may not answer these queries yet. */
async function untilGivenBack(client: Client): Promise<void> {
  for (let tries = 0; tries < mostTries; tries++) {
    if (await giveBackOrphanedWork(client)) return;
    await pause(500);
  }
  throw new DomainError('SERVER_UNREACHABLE', 'the Temporal server does not list its running work; try again');
}

/** PENDING_ACTIVITY_STATE_STARTED of Temporal's API. */
const pendingActivityStarted = 2;

/**
 * Fails the activities that a dead worker had started, so that the server retries them at once instead of waiting for
 * a heartbeat timeout. Safe only if no other worker can be running them, which the project lock guarantees. False if
 * the server did not answer and the call must be repeated.
 */
async function giveBackOrphanedWork(client: Client): Promise<boolean> {
  const lost = ApplicationFailure.create({ type: 'Interrupted', message: 'its worker was lost' });
  const running = await askServer(client, () => runningWorkflows(client));
  if (running === undefined) return false;
  for (const { workflowId, runId } of running) {
    const description = await askServer(client, () => client.workflow.getHandle(workflowId, runId).describe());
    if (description === undefined) return false;
    for (const { activityId, state } of description.raw.pendingActivities ?? []) {
      if (Number(state) === pendingActivityStarted && typeof activityId === 'string') {
        // The activity may have ended in the meantime.
        await askServer(client, () => client.activity.fail({ workflowId, runId, activityId }, lost)).catch(
          () => undefined,
        );
      }
    }
  }
  return true;
}

async function runningWorkflows(client: Client): Promise<{ workflowId: string; runId: string }[]> {
  const found: { workflowId: string; runId: string }[] = [];
  for await (const one of client.workflow.list({ query: "ExecutionStatus = 'Running'" })) found.push(one);
  return found;
}
