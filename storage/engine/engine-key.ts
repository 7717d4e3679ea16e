import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { flushFolder } from '../files/atomic-file.js';
import { hasErrorCode } from '../files/file-errors.js';
import type { DataFolder } from '../store/data-folder.js';

const keyBytes = 32;

/** The one that seals, and older ones. */
export type EngineKeys = readonly [Uint8Array, ...Uint8Array[]];

/**
 * The secrets of a data folder, one a line of the file: the first seals all that its processes tell each other through
 * Temporal, the others still open what they sealed before. The file is made when it is first needed, readable by its
 * owner only; from then on so is the folder, which an older version left open to all. STORE_CORRUPT if the file is damaged.
 */
export async function engineKeys({ engineKey: path }: DataFolder): Promise<EngineKeys> {
  const text = (await readIfThere(path)) ?? (await makeKey(path));
  if (/^(?:[0-9a-f]{64}\n)+$/.test(text)) {
    const [first = '', ...others] = text.trimEnd().split('\n');
    return [Buffer.from(first, 'hex'), ...others.map((line) => Buffer.from(line, 'hex'))];
  }
  throw new DomainError(
    'STORE_CORRUPT',
    `${path} is damaged; delete it, and the folder temporal beside it: sweeps then begin anew and take their results from the store`,
  );
}

/** Makes the key, unless another process has just done so: linking fails if the file exists, and shows it whole. */
async function makeKey(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await closeToOthers(dirname(path));
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(keyBytes).toString('hex')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path).catch((error: unknown) => {
      if (!hasErrorCode(error, 'EEXIST')) throw error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
  await flushFolder(dirname(path));
  return readFile(path, 'utf8');
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
