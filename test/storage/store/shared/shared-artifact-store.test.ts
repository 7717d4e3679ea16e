import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';

import { canonicalJson } from '../../../../domain/plan/key.js';
import { indexPath, objectPath } from '../../../../storage/store/data-folder.js';
import { flipBit } from '../../../support/damage.js';
import { s3Program } from '../../../support/s3-server.js';
import { sharedMachines, type SharedFolder } from '../../../support/sweeps/shared-folders.js';
import { filesBelow, openTestStore, workOf } from '../../../support/sweeps/test-store.js';

const program = await s3Program();
const skip = 'reason' in program ? program.reason : false;

const content = { files: { 'a.txt': Buffer.from('first'), 'b.bin': new Uint8Array([0, 255]) }, summary: { rows: 2 } };
const corrupt = { code: 'STORE_CORRUPT' };

describe('a store that machines share', { skip }, () => {
  let one: SharedFolder;
  let other: SharedFolder;
  const { machine, folderOf, files } = sharedMachines(program, 'shared-store');
  /** The file of an object in the store. */
  const remoteFile = (digest: string): string => join(files(), 'objects', digest.slice(0, 2), digest);

  beforeEach(() => {
    one = machine('one');
    other = machine('other');
  });

  it('gives each machine what another has put', async () => {
    assert.equal(await other.store.find(workOf('a').key), undefined);
    const ref = await one.store.put(workOf('a'), content);
    assert.deepEqual(await other.store.find(workOf('a').key), ref);
    const manifest = await other.store.manifest(ref.digest);
    assert.deepEqual(manifest.summary, { rows: 2 });
    assert.equal(Buffer.from(await other.store.readFile(manifest, 'a.txt')).toString(), 'first');
    // It comes from the machine's own folder now.
    await rm(remoteFile(manifest.files['a.txt']?.digest ?? ''));
    assert.equal(Buffer.from(await other.store.readFile(manifest, 'a.txt')).toString(), 'first');
  });

  it('has one result of a piece of work, whoever was faster, and all go on with that one', async () => {
    const machines = ['p', 'q', 'r', 's'].map((name) => machine(name));
    const refs = await Promise.all(
      machines.map(({ store }, index) => store.put(workOf('a'), { files: {}, summary: { from: index } })),
    );
    assert.equal(new Set(refs.map(({ digest }) => digest)).size, 1);
    for (const { store } of machines) assert.deepEqual(await store.find(workOf('a').key), refs[0]);
    assert.deepEqual(await one.store.put(workOf('a'), { files: {}, summary: { from: 'late' } }), refs[0]);
  });

  it('takes what the outside world is like from whoever has looked last', async () => {
    await one.store.put(workOf('a'), { files: {}, summary: 'before' }, { replaces: true });
    const now = await other.store.put(workOf('a'), { files: {}, summary: 'now' }, { replaces: true });
    assert.deepEqual(await one.store.find(workOf('a').key), now);
  });

  it('sets a damaged object aside, so that its artifact counts as missing and is made again', async () => {
    const ref = await one.store.put(workOf('a'), content);
    const digest = (await one.store.manifest(ref.digest)).files['a.txt']?.digest ?? '';
    await flipBit(remoteFile(digest), 3);
    await assert.rejects(other.store.readBlob(digest), { ...corrupt, message: /damaged.*moved to quarantine\// });
    assert.equal((await filesBelow(join(files(), 'quarantine'))).length, 1);
    assert.equal(await other.store.find(workOf('a').key), undefined);
    await assert.rejects(other.store.readBlob(digest), { ...corrupt, message: /missing from the store at s3:/ });
    assert.deepEqual(await other.store.put(workOf('a'), content), ref);
    assert.deepEqual(await machine('third').store.find(workOf('a').key), ref);
  });

  it('takes a lost or shortened object again from a machine that has it', async () => {
    const ref = await one.store.put(workOf('a'), content);
    const { files } = await one.store.manifest(ref.digest);
    await rm(remoteFile(files['a.txt']?.digest ?? ''));
    await truncate(remoteFile(files['b.bin']?.digest ?? ''), 1);
    assert.deepEqual(await one.store.find(workOf('a').key), ref);
    assert.deepEqual(await other.store.find(workOf('a').key), ref);
    assert.deepEqual([...(await other.store.readFile(await other.store.manifest(ref.digest), 'b.bin'))], [0, 255]);
  });

  it('replaces a damaged copy on a machine by that of the store', async () => {
    const ref = await one.store.put(workOf('a'), content);
    await flipBit(objectPath(one.folder, ref.digest), 3);
    assert.deepEqual((await one.store.manifest(ref.digest)).summary, { rows: 2 });
  });

  it('replaces a record that is damaged or of other work', async () => {
    const ref = await one.store.put(workOf('a'), content);
    const record = `index/aa/${workOf('a').key}.json`;
    for (const [name, text] of Object.entries({ cut: '{', foreign: canonicalJson({ ...ref, key: workOf('b').key }) })) {
      await one.remote.put(record, Buffer.from(text));
      const { store } = machine(name);
      assert.equal(await store.find(workOf('a').key), undefined);
      assert.deepEqual(await store.put(workOf('a'), content), ref);
      assert.deepEqual(await machine('third').store.find(workOf('a').key), ref);
    }
  });

  it('gets what a folder had before it shared the store', async () => {
    const alone = openTestStore(one.folder.root);
    const ref = await alone.store.put(workOf('a'), content);
    assert.equal(await other.store.find(workOf('a').key), undefined);
    assert.deepEqual(await one.store.find(workOf('a').key), ref);
    assert.deepEqual(await other.store.find(workOf('a').key), ref);
    assert.equal((await other.lineage.read()).length, 1);
  });

  it('has a result whose record was disowned no more', async () => {
    const ref = await one.store.put(workOf('a'), content);
    await one.store.disown({ key: ref.key, digest: 'f'.repeat(64) });
    assert.deepEqual(await other.store.find(ref.key), ref);
    await one.store.disown(ref);
    assert.equal(await one.store.find(ref.key), undefined);
    assert.equal(await other.store.find(ref.key), undefined);
  });

  it('keeps its copies on a machine within a limit: those used last', async () => {
    const blobs = await Promise.all([1, 2, 3, 4].map(() => one.store.putBlob(randomBytes(1000))));
    const small = machine('small', 3500);
    const isHere = ({ digest }: { digest: string }): Promise<boolean> =>
      stat(objectPath(small.folder, digest)).then(
        () => true,
        () => false,
      );
    for (const { digest } of blobs.slice(0, 3)) await small.store.readBlob(digest);
    await small.store.readBlob(blobs[0]?.digest ?? '');
    await small.store.readBlob(blobs[3]?.digest ?? '');
    assert.deepEqual(await Promise.all(blobs.map(isHere)), [true, false, true, true]);
    assert.equal((await small.store.readBlob(blobs[1]?.digest ?? '')).length, 1000);
  });

  it('never removes from a machine what the store does not have', async () => {
    const alone = openTestStore(folderOf('small'));
    const only = await alone.store.putBlob(randomBytes(1000));
    const small = machine('small', 1500);
    for (const size of [1000, 1001]) await small.store.putBlob(randomBytes(size));
    assert.equal((await alone.store.readBlob(only.digest)).length, 1000);
    assert.equal((await filesBelow(small.folder.objects)).length, 1);
  });

  it('refuses what is no key and no digest, before it becomes a path or a name', async () => {
    await assert.rejects(one.store.find('../../x'), corrupt);
    await assert.rejects(one.store.readBlob('../x'), corrupt);
  });

  it('forgets the losing result on the machine that made it, so that no later run finds it', async () => {
    const winner = await one.store.put(workOf('a'), { files: {}, summary: 'one' });
    await other.store.put(workOf('a'), { files: {}, summary: 'other' });
    await assert.rejects(stat(indexPath(other.folder, winner.key)), { code: 'ENOENT' });
  });
});
