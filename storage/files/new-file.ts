import { writeFile } from 'node:fs/promises';

import { DomainError } from '../../domain/domain-error.js';
import { hasErrorCode } from './file-errors.js';

/** Writes a file that does not exist yet. ARGUMENT_INVALID if it does, and where it cannot be written. */
export async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) {
      throw new DomainError(
        'ARGUMENT_INVALID',
        `${path} exists and is not replaced; choose another file with --output`,
        { path },
      );
    }
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'its folder does not exist',
      EACCES: 'permission to write is missing',
      EROFS: 'its disk is read-only',
    };
    const reason = Object.entries(reasons).find(([code]) => hasErrorCode(error, code))?.[1];
    if (reason === undefined) throw error;
    throw new DomainError('ARGUMENT_INVALID', `${path}: ${reason}; choose another file with --output`, { path });
  }
}
