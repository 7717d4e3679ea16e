import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { writeFileOnce } from '../files/atomic-file.js';
import { hasErrorCode } from '../files/file-errors.js';
import type { DataFolder } from '../store/data-folder.js';

const keyBytes = 32;

/**
 * The secret of a data folder, which seals all that its processes tell each other through Temporal. It is made when it
 * is first needed, readable by its owner only; from then on so is the folder, which an older version left open to all.
 * STORE_CORRUPT if the file is damaged.
 */
export async function engineKey({ engineKey: path }: DataFolder): Promise<Uint8Array> {
  const text = (await readIfThere(path)) ?? (await makeKey(path));
  if (/^[0-9a-f]{64}\n$/.test(text)) return Buffer.from(text.trim(), 'hex');
  throw new DomainError(
    'STORE_CORRUPT',
    `${path} is damaged; delete it, and the folder temporal beside it: sweeps then begin anew and take their results from the store`,
  );
}

async function makeKey(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await closeToOthers(dirname(path));
  return writeFileOnce(path, `${randomBytes(keyBytes).toString('hex')}\n`);
}

async function closeToOthers(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch((error: unknown) => {
    // A folder of another user is that user's to close.
    if (!hasErrorCode(error, 'EPERM')) throw error;
  });
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  });
}
