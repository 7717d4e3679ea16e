import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { exportBundle } from '../../../cli/lineage/export-bundle.js';
import { importBundle } from '../../../storage/bundles/import-bundle.js';
import { counted, entriesOf, fillWithSweep, writeEntries } from '../../support/sweeps/bundles.js';
import { filesBelow, openTestStore, workOf } from '../../support/sweeps/test-store.js';
import { temporaryFolder, temporaryFolderOfFile } from '../../support/temporary-folder.js';

const root = temporaryFolderOfFile('bundle');
const nothing = (): void => undefined;

describe('a bundle', () => {
  let bundle: string;
  let sweep: string;

  before(async () => {
    const source = openTestStore(join(root, 'source'));
    sweep = await fillWithSweep(source);
    bundle = join(root, 'good.tar.zst');
    await exportBundle(source, { sweep, path: bundle }, nothing);
  });
  after(() => rm(root, { recursive: true, force: true }));

  it('that is sound enters whole: results, records, index and report', async (test) => {
    const target = openTestStore(await temporaryFolder(test));
    // What hostile bundles are made from is not refused itself.
    const path = join(root, 'rewritten.tar.zst');
    await writeEntries(path, counted(await entriesOf(bundle)));
    const imported = await importBundle(target, path, nothing);
    assert.deepEqual([imported.sweep, imported.objects, imported.records], [sweep, 4, 3]);
    assert.equal(await readFile(join(target.folder.sweeps, sweep, 'report', 'report.html'), 'utf8'), '<p>page');
    const works = (await target.lineage.read()).flatMap(({ kind, spec }) => (kind === 'artifact' ? [spec] : []));
    assert.equal(works.length, 2);
    for (const { key, digest } of works) assert.equal((await target.store.find(key))?.digest, digest);
    const [line] = (await readFile(target.folder.lineageLog, 'utf8')).split('\n');
    const { kind, spec } = JSON.parse(line ?? '') as { kind: string; spec: { head: string } };
    assert.deepEqual([kind, spec.head], ['imported', imported.head]);
    assert.deepEqual(
      (await readdir(target.folder.root)).filter((name) => name.startsWith('import-')),
      [],
    );
  });

  it('that was imported before adds nothing, and joins the log of a folder that has its own', async (test) => {
    const target = openTestStore(await temporaryFolder(test));
    await target.store.put(workOf('c'), { files: {}, summary: { own: true } });
    await importBundle(target, bundle, nothing);
    const again = await importBundle(target, bundle, nothing);
    assert.deepEqual([again.objects, again.records], [0, 0]);
    const records = await target.lineage.read();
    assert.deepEqual(
      records.map(({ kind }) => kind),
      ['artifact', 'runStarted', 'artifact', 'artifact', 'action', 'action'],
    );
  });

  it('has the same bytes whenever it is written', async () => {
    const again = join(root, 'again.tar.zst');
    await exportBundle(openTestStore(join(root, 'source')), { sweep, path: again }, nothing);
    assert.deepEqual(await readFile(again), await readFile(bundle));
  });

  it('is not written from a damaged store, nor left behind half', async (test) => {
    const source = openTestStore(await temporaryFolder(test));
    const id = await fillWithSweep(source);
    const [object = ''] = await filesBelow(source.folder.objects);
    await writeFile(join(source.folder.objects, object.slice(0, 2), object), 'x'.repeat(10));
    const path = join(source.folder.root, 'x.tar.zst');
    await assert.rejects(exportBundle(source, { sweep: id, path }, nothing), { code: 'STORE_CORRUPT' });
    assert.deepEqual(
      (await readdir(source.folder.root)).filter((name) => name.startsWith('x.')),
      [],
    );
  });
});
