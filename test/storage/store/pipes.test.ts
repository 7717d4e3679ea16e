import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { engineKeys } from '../../../storage/engine/engine-key.js';
import { sha256OfFileSync } from '../../../storage/files/sha256.js';
import { readStoredFile } from '../../../storage/files/stored-file.js';
import { indexPath, objectPath } from '../../../storage/store/data-folder.js';
import { openTestStore, workOf } from '../../support/sweeps/test-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function pipeAt(path: string): Promise<void> {
  await rm(path, { force: true });
  await mkdir(dirname(path), { recursive: true });
  assert.equal(spawnSync('mkfifo', [path]).status, 0);
}

// Reading a pipe waits for a writer forever, and for opening it too.
describe('a pipe in a data folder', () => {
  it('is an error for whoever reads it, with its path', async (test) => {
    const path = join(await temporaryFolder(test), 'pipe');
    await pipeAt(path);
    const refused = { code: 'FILE_UNREADABLE', message: /pipe: it is a device or a pipe, not a file/ };
    await assert.rejects(readStoredFile(path), refused);
    assert.throws(() => sha256OfFileSync(path), refused);
  });

  it('is put aside in the place of an object or of a record, whose result is then missing', async (test) => {
    const at = openTestStore(await temporaryFolder(test));
    const ref = await at.store.put(workOf('a'), { files: { 'a.txt': Buffer.from('a') }, summary: {} });
    const record = indexPath(at.folder, ref.key);
    await pipeAt(record);
    assert.equal(await at.store.find(ref.key), undefined);
    await pipeAt(objectPath(at.folder, ref.digest));
    await assert.rejects(at.store.readBlob(ref.digest), {
      code: 'STORE_CORRUPT',
      message: /is missing from the store/,
    });
    assert.equal((await readdir(at.folder.quarantine)).length, 2);
    const { digest } = await at.store.putBlob(Buffer.from('b'));
    await pipeAt(objectPath(at.folder, digest));
    await at.store.putBlob(Buffer.from('b'));
    assert.equal(String(await at.store.readBlob(digest)), 'b');
  });

  it('is an error in the place of the engine’s key and of the log', async (test) => {
    const at = openTestStore(await temporaryFolder(test));
    await pipeAt(at.folder.engineKey);
    await chmod(at.folder.engineKey, 0o600);
    await assert.rejects(engineKeys(at.folder, {}), /engine-key: it is a device or a pipe/);
    await writeFile(`${at.folder.lineageLog}.head`, '');
    await pipeAt(at.folder.lineageLog);
    await assert.rejects(at.lineage.read(), /lineage\.jsonl: it is a device or a pipe/);
  });
});
