import { Client, Connection } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';

import type { JobProgress } from '../contracts/job-progress.js';
import type { DataFolder } from '../storage/data-folder.js';
import { startEmbeddedServer } from './embedded-server.js';
import { startEmbeddedWorker, type EmbeddedWorker } from './embedded-worker.js';
import { takeProjectLock } from './project-lock.js';

/** A connection to Temporal with what was started for it. */
export interface Engine {
  readonly client: Client;
  readonly webAddress: string | undefined;
  close(): Promise<void>;
}

/** The address of a Temporal server that was asked for, by flag, environment or Temporal's own config file. */
export function configuredAddress(flag: string | undefined): string | undefined {
  return flag ?? loadClientConnectConfig().connectionOptions.address;
}

/** Connects to a server that somebody else runs, with its own workers. */
export async function connectEngine(address: string): Promise<Engine> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await Connection.connect({ ...connectionOptions, address });
  const client = new Client({ connection, ...(namespace !== undefined && { namespace }) });
  return { client, webAddress: undefined, close: () => connection.close() };
}

/** Starts server and worker for this data folder alone. */
export async function startEmbeddedEngine(
  folder: DataFolder,
  threads: number,
  onProgress: (progress: JobProgress) => void,
): Promise<Engine> {
  const release = await takeProjectLock(folder);
  try {
    const server = await startEmbeddedServer(folder);
    const connection = await Connection.connect({ address: server.address });
    const client = new Client({ connection });
    await giveBackOrphanedWork(client);
    const worker: EmbeddedWorker = startEmbeddedWorker({
      folder,
      address: server.address,
      embedded: true,
      threads,
      onProgress,
      onLost: () => giveBackOrphanedWork(client),
    });
    return {
      client,
      webAddress: server.webAddress,
      close: async () => {
        await worker.stop();
        await connection.close();
        await server.stop();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** PENDING_ACTIVITY_STATE_STARTED of Temporal's API. */
const pendingActivityStarted = 2;

/**
 * Tells the server that work which a dead worker had begun is open again, rather than waiting for its heartbeat to be
 * missed. Right only where no other worker can be at it: the project's lock sees to that.
 */
async function giveBackOrphanedWork(client: Client): Promise<void> {
  const lost = ApplicationFailure.create({ type: 'Interrupted', message: 'its worker was lost' });
  for await (const { workflowId, runId } of client.workflow.list({ query: "ExecutionStatus = 'Running'" })) {
    const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
    for (const { activityId, state } of raw.pendingActivities ?? []) {
      if (Number(state) === pendingActivityStarted && typeof activityId === 'string') {
        await client.activity.fail({ workflowId, runId, activityId }, lost).catch(() => undefined);
      }
    }
  }
}
