import { readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { writeFileAtomically } from '../../files/atomic-file.js';
import { hasErrorCode } from '../../files/file-errors.js';
import type { DataFolder } from '../data-folder.js';

/**
 * Small records of a data folder that lie in the store it shares, too, under the same name: those of sweeps and of failures.
 * Whoever reads one asks the store first, so that every machine has the same. Without a shared store they are plain files.
 */
const nameOf = ({ root }: DataFolder, path: string): string => relative(root, path).split(sep).join('/');

/** Writes a record here and in the store. */
export async function writeMirrored(folder: DataFolder, path: string, text: string): Promise<void> {
  await writeFileAtomically(path, text);
  await folder.shared?.put(nameOf(folder, path), Buffer.from(text));
}

export async function removeMirrored(folder: DataFolder, path: string): Promise<void> {
  await rm(path, { force: true });
  await folder.shared?.remove(nameOf(folder, path));
}

/** Brings a record up to date. What only this folder has stays: it was written before the folder shared a store. */
export async function refreshMirrored(folder: DataFolder, path: string): Promise<void> {
  const found = await folder.shared?.get(nameOf(folder, path));
  if (found !== undefined) await writeFileAtomically(path, found.bytes);
}

/** Brings all records of a folder whose names match up to date; those that the store does not have are removed. */
export async function refreshMirroredFolder(folder: DataFolder, place: string, pattern: RegExp): Promise<void> {
  const { shared } = folder;
  if (shared === undefined) return;
  const prefix = `${nameOf(folder, place)}/`;
  const names = (await shared.list(prefix))
    .map(({ name }) => name.slice(prefix.length))
    .filter((name) => pattern.test(name));
  await Promise.all(names.map((name) => refreshMirrored(folder, join(place, name))));
  for (const name of await namesIn(place)) {
    if (pattern.test(name) && !names.includes(name)) await rm(join(place, name), { force: true });
  }
}

async function namesIn(place: string): Promise<string[]> {
  return readdir(place).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  });
}
