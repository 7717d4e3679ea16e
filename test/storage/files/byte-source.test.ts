import assert from 'node:assert/strict';
import { readdirSync, readlinkSync } from 'node:fs';
import { test } from 'node:test';

import { ByteSource, inflatedSizeOf } from '../../../storage/files/byte-source.js';
import { readFirstBytes } from '../../../storage/files/first-bytes.js';

// On Linux, this file can be opened, but its byte 0 cannot be read (EIO), because no process has memory there.
const unreadable = '/proc/self/mem';

function openHandles(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).endsWith('/mem');
    } catch {
      return false; // the listing's own
    }
  }).length;
}

test('a file whose first bytes cannot be read is refused, and its handle closed at once', async () => {
  const readers = [inflatedSizeOf, (path: string) => ByteSource.open(path), (path: string) => readFirstBytes(path, 8)];
  for (const read of readers) {
    await assert.rejects(read(unreadable), {
      code: 'FILE_UNREADABLE',
      message: /its disk cannot read it; check the disk/,
    });
    assert.equal(openHandles(), 0);
  }
});
