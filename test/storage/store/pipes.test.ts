import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import type { PhantomSettings } from '../../../domain/phantom/phantom-settings.js';
import { writePhantom } from '../../../storage/datasets/write-phantom.js';
import { engineKeys } from '../../../storage/engine/engine-key.js';
import { sha256OfFileSync } from '../../../storage/files/sha256.js';
import { lockHolder, takeLock } from '../../../storage/files/file-lock.js';
import { partFrom } from '../../../storage/files/log-text.js';
import { readStoredFile } from '../../../storage/files/stored-file.js';
import { indexPath, objectPath } from '../../../storage/store/data-folder.js';
import { withRunLog } from '../../../storage/sweeps/run-log.js';
import { readSweepRecord } from '../../../storage/sweeps/sweep-records.js';
import { readSweepResult } from '../../../storage/sweeps/sweep-results.js';
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

  it('is an error in the place of locks, logs, records of sweeps and phantoms', async (test) => {
    const { folder } = openTestStore(await temporaryFolder(test));
    const id = 'tiny-0123456789';
    const settings: PhantomSettings = {
      dimensions: 2,
      cases: 1,
      shape: [48, 40],
      spacingMm: [1, 1, 1],
      bitDepth: 8,
      coreRadius: 6,
      regions: 2,
      regionRadius: 4,
      probability: 0.5,
      noise: 0.05,
    };
    const phantom = join(folder.phantoms, 'one');
    const log = join(folder.logs, 'train.log');
    for (const path of [
      ...[folder.lock, log, join(phantom, 'phantom.json')],
      ...['sweep.json', 'result.json', 'run.log'].map((name) => join(folder.sweeps, id, name)),
    ])
      await pipeAt(path);
    const refused = { message: /it is a device or a pipe, not a file/ };
    await assert.rejects(lockHolder(folder.lock), refused);
    await assert.rejects(takeLock(folder.lock), refused);
    await assert.rejects(partFrom(log, 0), refused);
    await assert.rejects(readSweepRecord(folder, id), refused);
    await assert.rejects(readSweepResult(folder, id), refused);
    assert.throws(() => withRunLog(folder, id, () => undefined), refused);
    await assert.rejects(writePhantom(phantom, settings, { seed: 3, name: 'p' }), refused);
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
