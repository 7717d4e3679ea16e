import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { dataFolderAt, type DataFolder } from '../store/data-folder.js';

/**
 * A data folder inside another that has its objects, sweeps and phantoms but none of its results: what is computed there neither
 * finds nor changes them. The caller removes it.
 */
export async function makeScratchFolder({ root, objects, sweeps, phantoms }: DataFolder): Promise<{
  readonly scratch: DataFolder;
  readonly remove: () => Promise<void>;
}> {
  await mkdir(objects, { recursive: true });
  const scratch = dataFolderAt(await mkdtemp(join(root, 'audit-')));
  await symlink(objects, scratch.objects);
  await symlink(sweeps, scratch.sweeps);
  await symlink(phantoms, scratch.phantoms);
  return { scratch, remove: () => rm(scratch.root, { recursive: true, force: true }) };
}
