import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { writeFileAtomically } from '../files/atomic-file.js';
import { parsed } from '../files/parsed.js';
import type { DataFolder } from '../store/data-folder.js';
import { sweepFolder } from './sweep-records.js';
import { readStoredText } from '../files/stored-file.js';

const obstacles = z.array(z.strictObject({ what: z.string(), since: z.iso.datetime() }));

/** What a run waits for, and since when (ISO 8601, UTC). */
export type Obstacle = Readonly<z.infer<typeof obstacles>[number]>;

const waitingFile = (folder: DataFolder, sweepId: string): string => join(sweepFolder(folder, sweepId), 'waiting.json');

/** Records what a run waits for, for `volbias status`; nothing is recorded if it waits for nothing. */
export async function writeWaiting(folder: DataFolder, sweepId: string, found: readonly Obstacle[]): Promise<void> {
  const path = waitingFile(folder, sweepId);
  if (found.length === 0) await rm(path, { force: true });
  else await writeFileAtomically(path, `${JSON.stringify(found, null, 2)}\n`);
}

export async function readWaiting(folder: DataFolder, sweepId: string): Promise<readonly Obstacle[]> {
  const path = waitingFile(folder, sweepId);
  try {
    return parsed(obstacles, await readStoredText(path), path);
  } catch {
    return [];
  }
}
