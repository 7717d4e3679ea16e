import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { hasErrorCode, writeError } from './file-errors.js';
import { readStoredText } from './stored-file.js';

/**
 * Writes a file so that readers, and a crash, see the old file or the complete new one. The bytes are written to a
 * temporary file beside it and flushed to disk; one rename then puts the file in place. The folder is flushed too: until
 * then, a loss of power may undo the rename.
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const folder = dirname(resolve(path));
  await makeFolder(folder);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(path, error);
  }
  await flushFolder(folder);
}

/**
 * Writes a file that only its owner may read, unless it is there, and returns its text: of several processes, one makes it.
 * Linking fails if the file exists, and shows it whole.
 */
export async function writeFileOnce(path: string, text: string): Promise<string> {
  const folder = dirname(resolve(path));
  await makeFolder(folder);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path).catch((error: unknown) => {
      if (!hasErrorCode(error, 'EEXIST')) throw error;
    });
  } catch (error) {
    throw writeError(path, error);
  } finally {
    await rm(temporary, { force: true });
  }
  await flushFolder(folder);
  return readStoredText(path);
}

/** Removes what a process that was killed while it wrote into the folder has left there. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/\.[0-9a-f]{12}\.tmp$/.test(name)) await rm(join(folder, name), { force: true });
  }
}

/** Makes a folder, and those that it needs, so that they survive a loss of power. */
export async function makeFolder(folder: string): Promise<void> {
  const firstNew = await mkdir(folder, { recursive: true });
  if (firstNew === undefined) return;
  // Up to the folder that has a new entry.
  for (let path = dirname(folder); ; path = dirname(path)) {
    await flushFolder(path);
    if (path === dirname(firstNew)) return;
  }
}

/** Flushes a folder to disk, so that the names in it survive a loss of power. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    // Some network file systems do not know this operation.
    await folder.sync().catch((error: unknown) => {
      if (!hasErrorCode(error, 'EINVAL')) throw error;
    });
  } finally {
    await folder.close();
  }
}
