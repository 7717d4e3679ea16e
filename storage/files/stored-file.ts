import { constants, open } from 'node:fs/promises';

import { expectOrdinary } from './file-errors.js';

/**
 * All bytes of a file of the data folder. Errors as of `readFile`, and FILE_UNREADABLE for a pipe or a device, for which
 * reading would wait forever: a data folder may come from elsewhere.
 */
export async function readStoredFile(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    // A folder's own error, EISDIR, comes with reading it.
    if (!found.isDirectory()) expectOrdinary(path, found);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
