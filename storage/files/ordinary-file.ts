import { constants, open } from 'node:fs/promises';

import { DomainError } from '../../domain/domain-error.js';
import { expectOrdinary, fileError } from './file-errors.js';

/** More than any table or description of a data set has. */
const largestTextBytes = 2 ** 28;

/**
 * All bytes of an ordinary file. FILE_UNREADABLE for anything else, such as a pipe, for which reading would wait forever;
 * FILE_TOO_LARGE beyond `most` bytes.
 */
export async function readOrdinaryFile(path: string, most = largestTextBytes): Promise<Buffer> {
  try {
    // Opening a pipe would wait too.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      expectOrdinary(path, found);
      if (found.size <= most) return await file.readFile();
      throw new DomainError('FILE_TOO_LARGE', `${path}: the file has ${found.size} bytes; the limit is ${most}`, {
        path,
      });
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(path, error);
  }
}
