import type { Client } from '@temporalio/client';

import type { SweepProgress, SweepResult } from '../../contracts/sweep.js';
import { DomainError } from '../../domain/domain-error.js';
import { lockHolder } from '../../storage/files/file-lock.js';
import { readSweepResult } from '../../storage/sweeps/sweep-results.js';
import { readWaiting, type Obstacle } from '../../storage/sweeps/waiting-record.js';
import { askProgress, openSweep } from '../engine/live-sweep.js';
import { diskObstacle } from '../engine/obstacles.js';
import type { Project } from '../project.js';

export interface SweepStatus {
  readonly sweep: string;
  readonly state: 'running' | 'not finished' | 'damaged' | SweepResult['outcome'];
  readonly progress: SweepProgress | null;
  readonly waitingFor: readonly Obstacle[];
  /** Why the record of its result cannot be read. */
  readonly fault?: DomainError;
}

/** What a sweep's workflow says if it is open, else what its last run has left. */
export async function readStatus(project: Project, id: string, client: Client | undefined): Promise<SweepStatus> {
  const { folder } = project;
  const [result, fault] = await readSweepResult(folder, id).then(
    (read) => [read ?? null, undefined] as const,
    (error: unknown) => [null, damageOf(error)] as const,
  );
  const live = client === undefined ? undefined : await liveProgress(client, id);
  const isRunning = (await lockHolder(folder.lock)) !== undefined;
  const waitingFor = isRunning ? [...(await readWaiting(folder, id))] : [];
  // While a disk is full, the run cannot record that it waits, and the server may not answer.
  const disk = live !== undefined || (isRunning && result === null) ? await diskObstacle(folder) : undefined;
  if (disk !== undefined && !waitingFor.some(({ what }) => what === disk)) {
    waitingFor.push({ what: disk, since: new Date().toISOString() });
  }
  if (live === undefined && waitingFor.length === 0) {
    if (fault !== undefined) return { sweep: id, state: 'damaged', progress: null, waitingFor, fault };
    return { sweep: id, state: result?.outcome ?? 'not finished', progress: result, waitingFor };
  }
  return { sweep: id, state: 'running', progress: live?.progress ?? result, waitingFor };
}

function damageOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  throw error;
}

/** Undefined if the sweep is not open; null while no worker answers. */
async function liveProgress(client: Client, id: string): Promise<{ progress: SweepProgress | null } | undefined> {
  const sweep = await openSweep(client, id);
  return sweep === undefined ? undefined : { progress: (await askProgress(client, sweep)) ?? null };
}
