import { Client, Connection } from '@temporalio/client';

import { DomainError } from '../../domain/domain-error.js';
import { engineConverter } from '../../storage/engine/engine-converter.js';
import { expectSharedKey } from '../../storage/engine/engine-key.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { isStopped, type RecordedProcess } from '../../storage/machine/process-identity.js';
import { askServer } from './ask-server.js';
import { connectConfig } from './connect-config.js';
import { startEmbeddedServer } from './server/embedded-server.js';
import { startEmbeddedWorker, type EmbeddedWorkerOptions } from './embedded-worker.js';
import { giveBackOrphanedWork, takeOverWork } from './orphaned-work.js';
import { takeProjectLock } from './project-lock.js';

/** A connection to Temporal, and the processes started for it. */
export interface Engine {
  readonly client: Client;
  readonly webAddress: string | undefined;
  /** Whether server and worker belong to this process and end with it. */
  readonly isEmbedded: boolean;
  /** A failure after which waiting is pointless. */
  failure(): DomainError | undefined;
  /** What keeps the engine from working at present; undefined if nothing does. */
  obstacle(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** The Temporal server's address from the flag, the environment or Temporal's config file. */
export function configuredAddress(flag: string | undefined): string | undefined {
  return flag ?? connectConfig().connectionOptions.address;
}

/** The address of a server that must be there. ARGUMENT_INVALID if nothing names one. */
export function expectedAddress(flag: string | undefined): string {
  const address = configuredAddress(flag);
  if (address !== undefined) return address;
  throw new DomainError('ARGUMENT_INVALID', 'no server: pass --address or set TEMPORAL_ADDRESS');
}

/** A client that seals what it sends, as the workers of the data folder do. */
export async function clientOf(folder: DataFolder, connection: Connection, namespace?: string): Promise<Client> {
  const dataConverter = await engineConverter(folder, process.env);
  // By default the identity names the host.
  return new Client({ connection, identity: 'volbias', dataConverter, ...(namespace !== undefined && { namespace }) });
}

/** Connects to an external server with its own workers. */
export async function connectEngine(address: string, folder: DataFolder): Promise<Engine> {
  await expectSharedKey(folder, process.env);
  const { connectionOptions, namespace } = connectConfig();
  const connection = await Connection.connect({ ...connectionOptions, address }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError('SERVER_UNREACHABLE', `no Temporal server answers at ${address}: ${reason}`);
  });
  const client = await clientOf(folder, connection, namespace);
  return {
    ...{ client, webAddress: undefined, isEmbedded: false, failure: () => undefined },
    obstacle: () => serverObstacle(client, `the Temporal server at ${address}`),
    close: () => connection.close(),
  };
}

/** Starts a server and a worker for a sweep of this data folder. */
export async function startEmbeddedEngine(
  folder: DataFolder,
  sweepId: string,
  told: Pick<EmbeddedWorkerOptions, 'threads' | 'onProgress' | 'onRemark' | 'metricsAddress'>,
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
    const client = await clientOf(folder, connection);
    await takeOverWork(client, sweepId);
    const worker = startEmbeddedWorker({
      folder,
      address: server.address,
      embedded: true,
      ...told,
      onLost: () => giveBackOrphanedWork(client),
    });
    undo.push(() => worker.stop());
    return {
      ...{ client, webAddress: server.webAddress, isEmbedded: true, close },
      failure: () => server.failure() ?? worker.failure(),
      obstacle: async () =>
        stopped('Temporal’s server', server.process()) ??
        stopped('the worker', worker.process()) ??
        (await serverObstacle(client, 'Temporal’s server')),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function stopped(what: string, found: RecordedProcess | undefined): string | undefined {
  if (found === undefined || !isStopped(found)) return undefined;
  return `${what} (process ${found.pid}) is stopped; "kill -CONT ${found.pid}" continues it`;
}

async function serverObstacle(client: Client, name: string): Promise<string | undefined> {
  const { namespace } = client.options;
  const answer = await askServer(client, () => client.workflowService.describeNamespace({ namespace })).catch(
    () => true,
  );
  return answer === undefined ? `${name} does not answer` : undefined;
}
