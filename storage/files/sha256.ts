import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';

import { expectOrdinary } from './file-errors.js';

/** As much as is read at a time: enough that the calls do not count, little enough to stay in the cache. */
const chunk = Buffer.alloc(1 << 18);

/**
 * SHA-256 of a file, or of its first `length` bytes, in hexadecimal. Blocks until it is done, which is the fastest way to
 * go through many files: for commands that do nothing else. FILE_UNREADABLE for a pipe or a device.
 */
export function sha256OfFileSync(path: string, length = Infinity): string {
  const found = statSync(path);
  if (!found.isDirectory()) expectOrdinary(path, found);
  const file = openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    for (let left = length; left > 0;) {
      const bytes = readSync(file, chunk, 0, Math.min(chunk.length, left), null);
      if (bytes === 0) break;
      hash.update(bytes === chunk.length ? chunk : chunk.subarray(0, bytes));
      left -= bytes;
    }
    return hash.digest('hex');
  } finally {
    closeSync(file);
  }
}
