import assert from 'node:assert/strict';
import { cp, mkdir, readFile, readdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { collectGarbage } from '../../../cli/lineage/collect-garbage.js';
import { objectPath } from '../../../storage/store/data-folder.js';
import { moveToTrash, restoreFromTrash } from '../../../storage/gc/trash.js';
import { verifyObjects, verifyRecords, viewOf } from '../../../storage/verify/verify-store.js';
import { listSweeps } from '../../../storage/sweeps/sweep-records.js';
import { storeSweep, type StoredSweep } from '../../support/sweeps/stored-sweep.js';
import { filesBelow } from '../../support/sweeps/sweep-folders.js';
import { openTestStore, type TestStore } from '../../support/sweeps/test-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function twoSweeps(test: TestContext): Promise<{ at: TestStore; one: StoredSweep; other: StoredSweep }> {
  const at = openTestStore(await temporaryFolder(test));
  const [one, other] = [await storeSweep(at, 'one'), await storeSweep(at, 'other')];
  // Older than the collection, however coarse the file system's clock is.
  const past = new Date(Date.now() - 60_000);
  for (const path of await filesBelow(at.folder.root)) await utimes(path, past, past);
  return { at, one, other };
}

async function assertWhole({ folder, store }: TestStore, { refs }: StoredSweep): Promise<void> {
  for (const { key, digest } of refs.values()) {
    assert.equal((await store.find(key))?.digest, digest);
    for (const name of Object.keys((await store.manifest(digest)).files)) {
      await store.readFile(await store.manifest(digest), name);
    }
  }
  const view = await viewOf(folder);
  assert.deepEqual(
    [...(await verifyObjects(view, undefined, () => undefined)).findings, ...(await verifyRecords(view))],
    [],
  );
}

/** The files that a collection may touch: all but the log and the locks. */
async function contentsOf({ folder }: TestStore): Promise<string[]> {
  const paths = (await filesBelow(folder.root)).map((path) => relative(folder.root, path));
  return paths.filter((path) => path.includes('/'));
}

describe('a garbage collection', () => {
  it('removes what only other sweeps need, and says so beforehand without removing it', async (test) => {
    const { at, one, other } = await twoSweeps(test);
    const before = await contentsOf(at);
    const keep = { sweeps: [one.id] };
    const planned = await collectGarbage(at, { keep, dryRun: true });
    assert.deepEqual(await contentsOf(at), before);
    const done = await collectGarbage(at, { keep, dryRun: false });
    assert.deepEqual(done, planned);
    assert.deepEqual(done.removedSweeps, [other.id]);
    const left = await contentsOf(at);
    // Three results, each with its manifest, its file and its index record; the config; the record and the result.
    assert.equal(before.length - left.length, 3 * 3 + 1 + 2);
    assert.deepEqual(await listSweeps(at.folder), [one.id]);
    await assertWhole(at, one);
    const records = await at.lineage.read();
    assert.deepEqual([records.at(-1)?.kind, records.length], ['action', 2 * 3 + 1]);
    assert.deepEqual((await collectGarbage(at, { keep: { last: 1 }, dryRun: false })).garbage, []);
  });

  it('removes nothing through a link, and nothing that has another name than volbias gives', async (test) => {
    const { at, one } = await twoSweeps(test);
    const keep = { sweeps: [one.id] };
    const foreign = await temporaryFolder(test);
    await mkdir(join(foreign, 'papers'));
    await writeFile(join(foreign, 'papers', 'thesis.tex'), 'words');
    for (const name of ['checkpoints', 'failures', 'phantoms', 'logs', 'trash'] as const) {
      const path = join(at.folder.root, name);
      await rm(path, { recursive: true, force: true });
      await symlink(foreign, path);
      await assert.rejects(collectGarbage(at, { keep, dryRun: false }), {
        code: 'STORE_CORRUPT',
        message: new RegExp(`${name} is a symbolic link; nothing is removed`),
      });
      await rm(path);
      if (name === 'trash') continue;
      // A folder of the user's own among volbias'.
      await cp(foreign, path, { recursive: true });
    }
    // Folders within, such as objects/0a.
    for (const own of [at.folder.objects, at.folder.index]) {
      const [within = ''] = (await readdir(own)).map((name) => join(own, name));
      await rename(within, `${within}.aside`);
      await symlink(foreign, within);
      await assert.rejects(collectGarbage(at, { keep, dryRun: false }), /is a symbolic link; nothing is removed/);
      await rm(within);
      await rename(`${within}.aside`, within);
    }
    await collectGarbage(at, { keep, dryRun: false });
    for (const folder of [foreign, at.folder.checkpoints, at.folder.failures, at.folder.phantoms, at.folder.logs])
      assert.equal(await readFile(join(folder, 'papers', 'thesis.tex'), 'utf8'), 'words');
  });

  it('refuses to keep a sweep that is not there', async (test) => {
    const { at } = await twoSweeps(test);
    await assert.rejects(
      collectGarbage(at, { keep: { sweeps: ['none-0123456789'] }, dryRun: false }),
      /there is no sweep/,
    );
  });

  it('keeps a sweep whose last run has not ended, and everything since that began', async (test) => {
    const { at, one, other } = await twoSweeps(test);
    const run = { sweep: other.id, operator: 'somebody' };
    await at.lineage.append('runStarted', { ...run, specification: 'a'.repeat(64), command: 'run' });
    const { digest } = await at.store.putBlob(Buffer.from('not recorded yet'));
    const { open, garbage } = await collectGarbage(at, { keep: { sweeps: [one.id] }, dryRun: false });
    assert.deepEqual([open, garbage], [[other.id], []]);
    await assertWhole(at, other);
    await at.lineage.append('runEnded', { sweep: other.id, outcome: 'complete', report: null });
    await collectGarbage(at, { keep: { sweeps: [one.id] }, dryRun: false });
    assert.deepEqual(await listSweeps(at.folder), [one.id]);
    await assert.rejects(readFile(objectPath(at.folder, digest)), /ENOENT/);
  });

  it('loses nothing if it is interrupted: the next one restores what lies in the trash', async (test) => {
    const { at, one, other } = await twoSweeps(test);
    for (const path of await contentsOf(at)) await moveToTrash(at.folder, path);
    await collectGarbage(at, { keep: { sweeps: [one.id, other.id] }, dryRun: false });
    await assertWhole(at, one);
    await assertWhole(at, other);
  });

  it('leaves an object that is stored once more meanwhile', async (test) => {
    const { at, other } = await twoSweeps(test);
    const { digest } = [...other.refs.values()][0] ?? { digest: '' };
    const path = objectPath(at.folder, digest);
    const bytes = await readFile(path);
    const { mtimeMs } = await stat(path);
    await at.store.putBlob(bytes);
    assert.ok((await stat(path)).mtimeMs > mtimeMs, 'it counts as new');
    await moveToTrash(at.folder, relative(at.folder.root, path));
    await at.store.putBlob(bytes);
    await restoreFromTrash(at.folder);
    assert.deepEqual(await readFile(path), bytes);
  });
});
