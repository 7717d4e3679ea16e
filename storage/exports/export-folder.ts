import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { hasErrorCode } from '../files/file-errors.js';

/**
 * Writes an export whole or not at all; a name that ends with / is a folder. ARGUMENT_INVALID if something is in the folder already: what an earlier export has
 * left there would be handed out with this one.
 */
export async function writeExport(folder: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  await expectEmpty(folder);
  const target = resolve(folder);
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  await mkdir(dirname(target), { recursive: true });
  try {
    const made = new Set<string>();
    for (const [name, bytes] of files) {
      const path = join(temporary, name);
      const parent = name.endsWith('/') ? path : dirname(path);
      if (!made.has(parent)) await mkdir(parent, { recursive: true });
      made.add(parent);
      if (!name.endsWith('/')) await writeFile(path, bytes);
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** ARGUMENT_INVALID unless the folder is empty, or is not there. */
export async function expectEmpty(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return [];
    if (hasErrorCode(error, 'ENOTDIR')) return ['it is a file'];
    throw error;
  });
  if (found.length === 0) return;
  throw new DomainError('ARGUMENT_INVALID', `--output ${folder} is not empty; expected a new or an empty folder`);
}
