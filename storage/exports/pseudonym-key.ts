import { randomBytes } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DomainError } from '../../domain/domain-error.js';
import { hasErrorCode } from '../files/file-errors.js';
import { readOrdinaryFile } from '../files/ordinary-file.js';

const keyBytes = 32;

/**
 * The key of pseudonyms, 64 hexadecimal digits in a file. If there is none, it is drawn and written, readable by its owner
 * only. FILE_FORMAT_INVALID if the file contains anything else.
 */
export async function pseudonymKey(path: string): Promise<Uint8Array> {
  const drawn = randomBytes(keyBytes);
  if (await writtenNew(path, `${drawn.toString('hex')}\n`)) return drawn;
  const text = (await readOrdinaryFile(path)).toString('utf8').trim();
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  throw new DomainError(
    'FILE_FORMAT_INVALID',
    `${path} is no key of pseudonyms; expected 64 hexadecimal digits, as "volbias export" writes them`,
  );
}

/** False if there is such a file already, which then stays as it is. */
async function writtenNew(path: string, text: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return false;
    throw error;
  }
}
