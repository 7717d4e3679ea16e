import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { digestOfJson } from '../../domain/plan/key.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { parsed } from '../files/parsed.js';
import type { RecordedProcess } from '../machine/process-identity.js';
import type { DataFolder } from '../store/data-folder.js';
import { readStoredText } from '../files/stored-file.js';

const begun = z.strictObject({
  supervisor: z.strictObject({ pid: z.int(), identity: z.string() }),
  deaths: z.int().nonnegative(),
});

/** Work that a worker does in its own process. */
export interface WorkInWorker {
  /** How often a worker has died at it, under the process that supervises the present one. */
  readonly deaths: number;
  /** Called however the work ends; a worker that dies does not get there. */
  readonly end: () => Promise<void>;
}

/**
 * Notes that a worker begins a unit in its own process. Only the deaths under one living supervisor count: if that was
 * lost too, the machine or the user has ended both.
 */
export async function beginInWorker(
  folder: DataFolder,
  { sweepId, unit, supervisor }: { sweepId: string; unit: string; supervisor: RecordedProcess },
): Promise<WorkInWorker> {
  const path = join(folder.failures, sweepId, `${digestOfJson(unit).slice(0, 16)}.begun.json`);
  const before = await readStoredText(path)
    .then((text) => parsed(begun, text, path))
    .catch(() => undefined);
  const same = before?.supervisor.pid === supervisor.pid && before.supervisor.identity === supervisor.identity;
  const deaths = same ? before.deaths + 1 : 0;
  // Where this cannot be noted, deaths are not counted: no reason for the unit to fail.
  await writeFileAtomically(path, `${JSON.stringify({ supervisor, deaths })}\n`).catch(() => undefined);
  return { deaths, end: () => rm(path, { force: true }).catch(() => undefined) };
}
