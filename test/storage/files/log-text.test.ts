import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { partFrom } from '../../../storage/files/log-text.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Characters of one to four bytes. */
const alphabet = 'aΔ−🙂';

describe('a log that is read in parts', () => {
  it('is cut between characters, wherever a part ends', async (test) => {
    const path = join(await temporaryFolder(test), 'unit.log');
    for (let shift = 0; shift < 10; shift++) {
      const text = 'x'.repeat(shift) + alphabet.repeat(220_000);
      await writeFile(path, text);
      const parts: string[] = [];
      for (let start = 0; ;) {
        const { text: part, end } = await partFrom(path, start);
        if (part === '') break;
        parts.push(part);
        start = end;
      }
      assert.ok(parts.length > 2 && parts.join('') === text, `${shift}`);
    }
  });

  it('keeps a character that is still being written for the next part', async (test) => {
    const path = join(await temporaryFolder(test), 'unit.log');
    const bytes = Buffer.from('ab🙂');
    for (let written = 3; written < bytes.length; written++) {
      await writeFile(path, bytes.subarray(0, written));
      assert.deepEqual(await partFrom(path, 0), { text: 'ab', end: 2 });
    }
    await writeFile(path, bytes);
    assert.deepEqual(await partFrom(path, 2), { text: '🙂', end: 6 });
  });

  it('is nothing if it is not there', async (test) => {
    assert.deepEqual(await partFrom(join(await temporaryFolder(test), 'none.log'), 5), { text: '', end: 5 });
  });
});
