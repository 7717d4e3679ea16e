import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { Connection, WorkflowUpdateFailedError, type Client, type WorkflowHandle } from '@temporalio/client';

import {
  progressQueryName,
  statusesQueryName,
  stillReading,
  type SweepProgress,
  type UnitsByStatus,
  type updateNames,
} from '../../contracts/sweep.js';
import { sweepWorkflowId } from '../../contracts/workflow-ids.js';
import { DomainError } from '../../domain/domain-error.js';
import type { UnitSelection } from '../../domain/plan/unit-selection.js';
import { release } from '../../steps/pipeline.js';
import { lockHolder } from '../../storage/files/file-lock.js';
import type { DataFolder } from '../../storage/store/data-folder.js';
import { readWaiting } from '../../storage/sweeps/waiting-record.js';
import { askServer } from './ask-server.js';
import { readServerRecord } from './server/embedded-server.js';
import { clientOf, configuredAddress, connectEngine } from './engine.js';

/** A connection to a server that somebody else runs. */
export interface LiveClient {
  readonly client: Client;
  readonly close: () => Promise<void>;
}

/** How often a worker is asked before it counts as absent. */
const mostTries = 6;

/** Connects to the server of `--address`, else to that of the run in the data folder; undefined if there is none. */
export async function liveClient(folder: DataFolder, flag: string | undefined): Promise<LiveClient | undefined> {
  const configured = configuredAddress(flag);
  if (configured !== undefined) return connectEngine(configured, folder);
  const record = (await lockHolder(folder.lock)) === undefined ? undefined : await readServerRecord(folder);
  if (record === undefined) return undefined;
  const address = `127.0.0.1:${String(record.port)}`;
  try {
    const connection = await Connection.connect({ address, connectTimeout: '3 seconds' });
    return { client: await clientOf(folder, connection), close: () => connection.close() };
  } catch {
    // The server is restarting: fall back to the data folder.
    return undefined;
  }
}

/** The address of Temporal's own page; undefined if no run of the data folder has a server, or it is another one. */
export async function temporalPage(folder: DataFolder, flag: string | undefined): Promise<string | undefined> {
  if (configuredAddress(flag) !== undefined || (await lockHolder(folder.lock)) === undefined) return undefined;
  const record = await readServerRecord(folder);
  return record && `http://127.0.0.1:${record.webPort}`;
}

/**
 * SERVER_UNREACHABLE if a run of the data folder, which has the sweep, cannot be told anything now: its server is stopped,
 * restarts or begins. To be called where the sweep was not reached; `live` is the server, if that was.
 */
export async function refuseUnreachable(folder: DataFolder, id: string, live: LiveClient | undefined): Promise<void> {
  if ((await lockHolder(folder.lock)) === undefined) return;
  const [obstacle] = await readWaiting(folder, id);
  // A server that answers, for a run that waits for nothing, simply has no such sweep.
  if (live !== undefined && obstacle === undefined) return;
  const reason = obstacle?.what ?? 'the server of the run in this data folder does not answer';
  throw new DomainError('SERVER_UNREACHABLE', `${id} cannot be told anything now: ${reason}. Try again`);
}

/** The workflow of a sweep, if it is open; undefined if the server does not know it, or does not answer. */
export async function openSweep(client: Client, id: string): Promise<WorkflowHandle | undefined> {
  try {
    const handle = client.workflow.getHandle(sweepWorkflowId(release, id));
    const description = await askServer(client, () => handle.describe());
    return description?.status.name === 'RUNNING' ? handle : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined while no worker answers. */
export async function askProgress(client: Client, sweep: WorkflowHandle): Promise<SweepProgress | undefined> {
  return askServer(client, () => sweep.query<SweepProgress>(progressQueryName)).catch(() => undefined);
}

/** The units of an open sweep by status. SERVER_UNREACHABLE if no worker answers. */
export async function askStatuses(client: Client, sweep: WorkflowHandle): Promise<UnitsByStatus> {
  return untilAnswered(() =>
    askServer(client, () => sweep.query<UnitsByStatus>(statusesQueryName)).catch(() => undefined),
  );
}

/**
 * Sends an update to an open sweep, and returns the units that it concerns. ARGUMENT_INVALID, in the sweep's words, if it
 * refuses; SERVER_UNREACHABLE if no worker answers.
 */
export async function updateSweep(
  client: Client,
  sweep: WorkflowHandle,
  name: (typeof updateNames)[keyof typeof updateNames],
  argument: readonly string[] | readonly UnitSelection[],
): Promise<readonly string[]> {
  // The same id each time: an update whose answer is lost is not done twice.
  let early = false;
  const options = { args: [argument] as [typeof argument], updateId: randomUUID() };
  return untilAnswered(async () => {
    try {
      return await askServer(client, () => sweep.executeUpdate<string[], [typeof argument]>(name, options));
    } catch (error) {
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      const reason = error.cause?.message ?? error.message;
      if (!isTooEarly(reason)) throw new DomainError('ARGUMENT_INVALID', reason);
      early = true;
      return undefined;
    }
  }).catch((error: unknown) => {
    throw early ? new DomainError('SERVER_UNREACHABLE', stillReading) : error;
  });
}

/** The workflow has just begun. */
function isTooEarly(reason: string): boolean {
  return reason === stillReading || reason.startsWith('No registered handler for update');
}

async function untilAnswered<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < mostTries; tries++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await pause(1000);
  }
  throw new DomainError('SERVER_UNREACHABLE', 'the sweep is open, but no worker of this version answers for it');
}
