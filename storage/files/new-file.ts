import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { hasErrorCode, writeError } from './file-errors.js';

/**
 * Writes a file that does not exist yet, or nothing. ARGUMENT_INVALID if it does, and where no file can be made; errors of
 * writing as of Node's own functions, with the path.
 */
async function writeNewFile(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx').catch((error: unknown) => {
    throw refusal(path, error);
  });
  try {
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw writeError(path, error);
  } finally {
    await file.close();
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  EACCES: 'permission denied: you may not write in its folder',
  EROFS: 'its disk is read-only',
};

function refusal(path: string, error: unknown): unknown {
  if (hasErrorCode(error, 'EEXIST')) {
    const message = `${path} exists and is not replaced; choose another file with --output`;
    return new DomainError('ARGUMENT_INVALID', message, { path });
  }
  const reason = Object.entries(reasons).find(([code]) => hasErrorCode(error, code))?.[1];
  if (reason === undefined) return writeError(path, error);
  return new DomainError('ARGUMENT_INVALID', `${path}: ${reason}; choose another file with --output`, { path });
}

/** Writes new files, or none of them; the folders of all but the first are made. Errors as of `writeNewFile`. */
export async function writeNewFiles(files: readonly { readonly path: string; readonly text: string }[]): Promise<void> {
  const made: string[] = [];
  try {
    for (const [index, { path, text }] of files.entries()) {
      const folder = index === 0 ? undefined : await mkdir(dirname(path), { recursive: true });
      if (folder !== undefined) made.push(folder);
      await writeNewFile(path, text);
      made.push(path);
    }
  } catch (error) {
    await Promise.all(made.map((path) => rm(path, { recursive: true, force: true })));
    throw error;
  }
}
