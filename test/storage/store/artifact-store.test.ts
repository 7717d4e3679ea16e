import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { flipBit } from '../../support/damage.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { filesBelow, objectPath, openTestStore, workOf } from '../../support/sweeps/test-store.js';

const content = { files: { 'a.txt': Buffer.from('first'), 'b.bin': new Uint8Array([0, 255]) }, summary: { rows: 2 } };
const corrupt = { code: 'STORE_CORRUPT' };

describe('the artifact store', () => {
  it('returns by key what was put', async (test) => {
    const { store } = openTestStore(await temporaryFolder(test));
    assert.equal(await store.find(workOf('a').key), undefined);
    const ref = await store.put(workOf('a'), content);
    assert.deepEqual(await store.find(workOf('a').key), ref);
    const manifest = await store.manifest(ref.digest);
    assert.deepEqual(manifest.summary, { rows: 2 });
    assert.equal(Buffer.from(await store.readFile(manifest, 'a.txt')).toString(), 'first');
    assert.deepEqual([...(await store.readFile(manifest, 'b.bin'))], [0, 255]);
    await assert.rejects(store.readFile(manifest, 'c'), corrupt);
  });

  it('names bytes by their SHA-256', async (test) => {
    const { store } = openTestStore(await temporaryFolder(test));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
        const { digest, size } = await store.putBlob(bytes);
        assert.equal(digest, createHash('sha256').update(bytes).digest('hex'));
        assert.equal(size, bytes.length);
        assert.ok(Buffer.from(await store.readBlob(digest)).equals(bytes));
      }),
      { numRuns: 20 },
    );
  });

  it('gives the same digest to the same content, whichever work made it', async (test) => {
    const { store } = openTestStore(await temporaryFolder(test));
    const one = await store.put(workOf('a'), content);
    const other = await store.put(workOf('b'), {
      summary: { rows: 2 },
      files: { 'b.bin': new Uint8Array([0, 255]), 'a.txt': Buffer.from('first') },
    });
    assert.equal(one.digest, other.digest);
    assert.notEqual(one.digest, (await store.put(workOf('c'), { ...content, summary: {} })).digest);
  });

  it('accepts the digest of bytes that it already has', async (test) => {
    const { store } = openTestStore(await temporaryFolder(test));
    const blob = await store.putBlob(Buffer.from('first'));
    const ref = await store.put(workOf('a'), { files: { 'a.txt': blob }, summary: null });
    const manifest = await store.manifest(ref.digest);
    assert.equal(Buffer.from(await store.readFile(manifest, 'a.txt')).toString(), 'first');
  });

  it('records work once, however often it is put', async (test) => {
    const { store, lineage } = openTestStore(await temporaryFolder(test));
    await store.put(workOf('a'), content);
    await store.put(workOf('a'), content);
    assert.equal((await lineage.read()).length, 1);
    await store.put(workOf('a'), { ...content, summary: { rows: 3 } });
    assert.equal((await lineage.read()).length, 2);
  });

  it('refuses names that lead out of an artifact, and records that it could not read', async (test) => {
    const { store, folder } = openTestStore(await temporaryFolder(test));
    for (const name of ['../x', 'a/b', '/x', '.x', '', 'a\0']) {
      await assert.rejects(store.put(workOf('a'), { files: { [name]: Buffer.from('x') }, summary: {} }), corrupt);
    }
    for (const changes of [{ step: '../split' }, { key: '../a' }, { key: 'A'.repeat(64) }]) {
      await assert.rejects(store.put({ ...workOf('a'), ...changes }, content), corrupt);
    }
    assert.deepEqual(await filesBelow(folder.index), []);
    const { digest } = await store.put(workOf('b'), content);
    const named = { files: { [`${digest}/a.txt`]: await store.putBlob(Buffer.from('first')) }, summary: {} };
    assert.ok((await store.put(workOf('a'), named)).digest);
  });

  it('forgets a result that is unusable, but not the one that has replaced it', async (test) => {
    const { store } = openTestStore(await temporaryFolder(test));
    const first = await store.put(workOf('a'), content);
    const second = await store.put(workOf('a'), { ...content, summary: {} });
    await store.disown(first);
    assert.deepEqual(await store.find(first.key), second);
    await store.disown(second);
    assert.equal(await store.find(first.key), undefined);
  });

  it('refuses a file or a manifest with a flipped bit', async (test) => {
    const { store, folder } = openTestStore(await temporaryFolder(test));
    const ref = await store.put(workOf('a'), content);
    const manifest = await store.manifest(ref.digest);
    await flipBit(objectPath(folder, manifest.files['a.txt']?.digest ?? ''), 2);
    await assert.rejects(store.readFile(manifest, 'a.txt'), corrupt);
    assert.equal((await store.readFile(manifest, 'b.bin')).length, 2);
    await flipBit(objectPath(folder, ref.digest), 5);
    await assert.rejects(store.manifest(ref.digest), corrupt);
  });

  it('quarantines damaged bytes, so that they count as missing and are recomputed', async (test) => {
    for (const part of ['manifest', 'file'] as const) {
      const { store, folder } = openTestStore(await temporaryFolder(test));
      const ref = await store.put(workOf('a'), content);
      const manifest = await store.manifest(ref.digest);
      const digest = part === 'manifest' ? ref.digest : (manifest.files['a.txt']?.digest ?? '');
      await flipBit(objectPath(folder, digest), 2);
      await assert.rejects(store.readBlob(digest), {
        ...corrupt,
        message: /is damaged: .*; it was moved to .*quarantine/,
      });
      const [kept = '', ...others] = await filesBelow(folder.quarantine);
      assert.ok(kept.startsWith(digest) && others.length === 0);
      await assert.rejects(store.readBlob(digest), { ...corrupt, message: /is missing/ });
      assert.equal(await store.find(workOf('a').key), undefined);
      assert.deepEqual(await store.put(workOf('a'), content), ref);
      assert.ok((await store.readBlob(digest)).length > 0);
    }
  });

  it('does not find an artifact with a truncated file or a damaged record', async (test) => {
    const { store, folder } = openTestStore(await temporaryFolder(test));
    const ref = await store.put(workOf('a'), content);
    const { files } = await store.manifest(ref.digest);
    await truncate(objectPath(folder, files['a.txt']?.digest ?? ''), 1);
    assert.equal(await store.find(workOf('a').key), undefined);
    await store.put(workOf('a'), content);
    const record = join(folder.index, 'aa', `${workOf('a').key}.json`);
    for (const damaged of ['', '{"digest"', '{"digest":"../../x"}']) {
      await writeFile(record, damaged);
      assert.equal(await store.find(workOf('a').key), undefined, damaged);
      assert.deepEqual(await store.put(workOf('a'), content), ref);
      assert.deepEqual(await store.find(workOf('a').key), ref);
    }
  });

  it('does not accept the record of one work as that of another', async (test) => {
    const { store, folder } = openTestStore(await temporaryFolder(test));
    await store.put(workOf('a'), content);
    await store.put(workOf('b'), { ...content, summary: { other: true } });
    const pathOf = (digit: string): string => join(folder.index, digit.repeat(2), `${workOf(digit).key}.json`);
    await copyFile(pathOf('b'), pathOf('a'));
    assert.equal(await store.find(workOf('a').key), undefined);
    assert.equal((await filesBelow(folder.quarantine)).length, 1);
  });

  it('replaces a damaged object when the same bytes are put again', async (test) => {
    const { store, folder } = openTestStore(await temporaryFolder(test));
    const ref = await store.put(workOf('a'), content);
    const manifest = await store.manifest(ref.digest);
    await flipBit(objectPath(folder, manifest.files['a.txt']?.digest ?? ''), 2);
    assert.deepEqual(await store.put(workOf('b'), content), { ...ref, key: workOf('b').key });
    assert.ok((await store.readFile(manifest, 'a.txt')).length > 0);
    assert.equal((await filesBelow(folder.quarantine)).length, 1);
  });

  it('does not find an artifact with a deleted part, so that it is recomputed', async (test) => {
    for (const part of ['manifest', 'file'] as const) {
      const { store, folder } = openTestStore(await temporaryFolder(test));
      const ref = await store.put(workOf('a'), content);
      const manifest = await store.manifest(ref.digest);
      const digest = part === 'manifest' ? ref.digest : (manifest.files['a.txt']?.digest ?? '');
      await rm(objectPath(folder, digest));
      assert.equal(await store.find(workOf('a').key), undefined, part);
      await assert.rejects(store.readBlob(digest), corrupt);
      assert.deepEqual(await store.put(workOf('a'), content), ref);
      assert.deepEqual(await store.find(workOf('a').key), ref);
    }
  });

  it('does not record work whose lineage cannot be written', async (test) => {
    const { store, folder } = openTestStore(await temporaryFolder(test));
    // A folder in the place of the log: the bytes are stored, but not recorded, as after a crash in between.
    await mkdir(folder.lineageLog, { recursive: true });
    await assert.rejects(store.put(workOf('a'), content));
    assert.equal((await filesBelow(folder.objects)).length, 3);
    assert.deepEqual(await filesBelow(folder.index), []);
    assert.equal(await store.find(workOf('a').key), undefined);
  });

  it('ignores a file that a crash has left half-written', async (test) => {
    const { store, folder } = openTestStore(await temporaryFolder(test));
    const bytes = Buffer.from('whole');
    const digest = createHash('sha256').update(bytes).digest('hex');
    const path = objectPath(folder, digest);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.0123456789ab.tmp`, 'who');
    await assert.rejects(store.readBlob(digest), corrupt);
    await store.putBlob(bytes);
    assert.equal(Buffer.from(await store.readBlob(digest)).toString(), 'whole');
  });

  it('writes no object twice', async (test) => {
    const { store, folder } = openTestStore(await temporaryFolder(test));
    const { digest } = await store.putBlob(Buffer.from('once'));
    const { ino } = await stat(objectPath(folder, digest));
    await store.putBlob(Buffer.from('once'));
    assert.equal((await stat(objectPath(folder, digest))).ino, ino);
  });

  it('refuses malformed keys and digests, which might lead out of its folder', async (test) => {
    const { store } = openTestStore(await temporaryFolder(test));
    for (const name of ['', '../../etc/passwd', 'A'.repeat(64), 'a'.repeat(63)]) {
      await assert.rejects(store.find(name), corrupt);
      await assert.rejects(store.readBlob(name), corrupt);
    }
  });
});
