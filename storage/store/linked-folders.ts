import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import type { DataFolder } from './data-folder.js';

/**
 * STORE_CORRUPT if a folder in the data folder is a symbolic link: removing and moving files through it would concern files
 * that are not volbias'.
 */
export async function refuseLinkedFolders(folder: DataFolder): Promise<void> {
  const { objects, index, sweeps, failures, phantoms, checkpoints, logs, quarantine, root } = folder;
  const own = [objects, index, sweeps, failures, phantoms, checkpoints, logs, quarantine, `${root}/trash`];
  // The objects and records lie in a folder for each beginning of their names.
  const within = await Promise.all([objects, index].map(linksIn));
  for (const path of [...own, ...within.flat()]) {
    const found = await lstat(path).catch(() => undefined);
    if (found?.isSymbolicLink() !== true) continue;
    throw new DomainError(
      'STORE_CORRUPT',
      `${path} is a symbolic link; nothing is removed or moved through it. Replace it by the folder itself, or mount that there`,
    );
  }
}

async function linksIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isSymbolicLink() ? [join(folder, entry.name)] : [])).sort();
}
