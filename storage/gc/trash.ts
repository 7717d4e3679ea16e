import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { hasErrorCode } from '../files/file-errors.js';
import type { DataFolder } from '../store/data-folder.js';

const trashOf = ({ root }: DataFolder): string => join(root, 'trash');

/** Moves a file or folder of the data folder to the trash, where nothing finds it. Gone already: nothing happens. */
export async function moveToTrash(folder: DataFolder, path: string): Promise<void> {
  const to = join(trashOf(folder), path);
  await mkdir(dirname(to), { recursive: true });
  await rename(join(folder.root, path), to).catch((error: unknown) => {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  });
}

/** Moves everything in the trash for which `wanted` holds back to its place; where there is something new, that stays. */
export async function restoreFromTrash(
  folder: DataFolder,
  wanted: (path: string, modifiedMs: number) => boolean = () => true,
): Promise<void> {
  const trash = trashOf(folder);
  const entries = await readdir(trash, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((one) => !one.isDirectory())) {
    const from = join(entry.parentPath, entry.name);
    const path = relative(trash, from);
    if (!wanted(path, (await lstat(from)).mtimeMs)) continue;
    const to = join(folder.root, path);
    await mkdir(dirname(to), { recursive: true });
    if (!(await isThere(to))) await rename(from, to);
  }
}

/** Deletes what is in the trash. */
export async function emptyTrash(folder: DataFolder): Promise<void> {
  await rm(trashOf(folder), { recursive: true, force: true });
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
