import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';

import { writeFileAtomically } from '../../../storage/files/atomic-file.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Notes what is flushed to disk and what is renamed, in order; everything is done as usual. */
function noting(test: TestContext): string[] {
  const notes: string[] = [];
  const { open, rename } = fs;
  test.mock.method(fs, 'open', async (...args: Parameters<typeof open>) => {
    const file = await open(...args);
    const sync = file.sync.bind(file);
    file.sync = async () => {
      await sync();
      notes.push(`flushed ${String(args[0])}`);
    };
    return file;
  });
  test.mock.method(fs, 'rename', async (...[from, to]: Parameters<typeof rename>) => {
    await rename(from, to);
    notes.push(`renamed to ${String(to)}`);
  });
  syncBuiltinESMExports();
  test.after(() => {
    test.mock.restoreAll();
    syncBuiltinESMExports();
  });
  return notes;
}

it('a file is on disk before its name is, and its name and all new folders once the write has returned', async (test) => {
  const root = await temporaryFolder(test);
  const path = join(root, 'new', 'newer', 'file');
  const notes = noting(test);
  await writeFileAtomically(path, 'bytes');
  assert.deepEqual(
    notes.map((note) => note.replace(/\.[0-9a-f]+\.tmp$/, '.tmp')),
    [
      ...[join(root, 'new'), root, `${path}.tmp`].map((flushed) => `flushed ${flushed}`),
      `renamed to ${path}`,
      `flushed ${join(root, 'new', 'newer')}`,
    ],
  );
  notes.length = 0;
  await writeFileAtomically(path, 'other bytes');
  assert.deepEqual(notes.slice(1), [`renamed to ${path}`, `flushed ${join(root, 'new', 'newer')}`]);
  assert.equal(await fs.readFile(path, 'utf8'), 'other bytes');
});
