import { access, constants, stat } from 'node:fs/promises';

import { DomainError } from '../../domain/domain-error.js';
import { expectOrdinary, fileError } from '../files/file-errors.js';

const maximumFileBytes = 2 ** 29;

/** Throws what reading the file would throw for its size alone, and if it cannot be opened. */
export async function checkPictureSize(path: string): Promise<void> {
  try {
    const found = await stat(path);
    expectOrdinary(path, found);
    const { size } = found;
    if (size > maximumFileBytes) {
      throw new DomainError('FILE_TOO_LARGE', `${path}: the file has ${size} bytes; the limit is ${maximumFileBytes}`, {
        path,
      });
    }
    if (size === 0) throw new DomainError('FILE_FORMAT_INVALID', `${path}: the file is empty`, { path });
    await access(path, constants.R_OK);
  } catch (error) {
    throw fileError(path, error);
  }
}
