import { randomBytes } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { hasErrorCode } from '../files/file-errors.js';
import type { DataFolder } from './data-folder.js';

/** Moves a damaged file to the quarantine, where it can be examined, and returns its path there. */
export async function putAside({ quarantine }: DataFolder, path: string): Promise<string> {
  await mkdir(quarantine, { recursive: true });
  const kept = join(quarantine, `${basename(path)}.${randomBytes(3).toString('hex')}`);
  await rename(path, kept).catch((error: unknown) => {
    // Another process has already moved it.
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  });
  return kept;
}
