import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import { exportBundle } from '../../../cli/lineage/export-bundle.js';
import { importBundle } from '../../../storage/bundles/import-bundle.js';
import { counted, entriesOf, fillWithSweep, writeEntries, type BundleEntry } from '../../support/sweeps/bundles.js';
import { openTestStore, workOf } from '../../support/sweeps/test-store.js';
import { temporaryFolder, temporaryFolderOfFile } from '../../support/temporary-folder.js';

const root = temporaryFolderOfFile('bundle');
const nothing = (): void => undefined;

describe('a bundle that is not sound', () => {
  let good: readonly BundleEntry[];
  let bundle: string;

  before(async () => {
    const source = openTestStore(join(root, 'source'));
    const sweep = await fillWithSweep(source);
    bundle = join(root, 'good.tar.zst');
    await exportBundle(source, { sweep, path: bundle }, nothing);
    good = await entriesOf(bundle);
  });
  after(() => rm(root, { recursive: true, force: true }));

  const [isObject, isLog] = [/^objects\//, /^lineage/];
  const named = (pattern: RegExp): BundleEntry => {
    const found = good.find(({ header }) => pattern.test(header.name));
    assert.ok(found !== undefined);
    return found;
  };
  const objectOf = (text: string): BundleEntry => {
    const bytes = Buffer.from(text);
    return { header: { name: `objects/${createHash('sha256').update(bytes).digest('hex')}` }, bytes };
  };
  const sorted = (entries: readonly BundleEntry[]): BundleEntry[] => {
    const [objects, others] = [true, false].map((own) =>
      entries.filter(({ header }) => isObject.test(header.name) === own),
    );
    return [...(others ?? []), ...(objects ?? []).sort((a, b) => (a.header.name < b.header.name ? -1 : 1))];
  };

  /** Fails unless the file is refused with these words, and the data folder stays empty. */
  async function assertRefused(
    test: Parameters<typeof temporaryFolder>[0],
    path: string,
    words: RegExp,
  ): Promise<void> {
    const target = openTestStore(join(await temporaryFolder(test), 'data'));
    await assert.rejects(importBundle(target, path, nothing), (error: Error & { code?: string }) => {
      assert.match(error.message, words);
      assert.equal(error.code, 'FILE_FORMAT_INVALID');
      assert.match(error.message, /Nothing of it was imported/);
      return true;
    });
    assert.deepEqual(await readdir(target.folder.root), []);
  }

  async function assertEntriesRefused(
    test: Parameters<typeof temporaryFolder>[0],
    entries: readonly BundleEntry[],
    words: RegExp,
  ): Promise<void> {
    const path = join(await temporaryFolder(test), 'bad.tar.zst');
    await writeEntries(path, entries);
    await assertRefused(test, path, words);
  }

  for (const name of [
    '../evil',
    '/etc/evil',
    'objects/../../evil',
    'objects/AB',
    'sweeps/other-0123456789/sweep.json',
    'index/a',
  ]) {
    it(`is refused with an entry named ${name}`, async (test) => {
      const entries = counted([...good, { header: { name }, bytes: Buffer.from('x') }]);
      await assertEntriesRefused(test, entries, /it has an entry named/);
    });
  }

  for (const type of ['symlink', 'link', 'directory', 'character-device', 'block-device', 'fifo'] as const) {
    it(`is refused with a ${type}`, async (test) => {
      const { name } = named(isObject).header;
      const own = { header: { name, type, linkname: '/etc/passwd' }, bytes: Buffer.alloc(0) };
      const others = good.filter(({ header }) => header.name !== name);
      await assertEntriesRefused(test, counted(sorted([...others, own])), /is no ordinary file/);
      assert.ok(existsSync('/etc/passwd'));
    });
  }

  it('is refused with an entry that comes twice', async (test) => {
    for (const pattern of [isObject, isLog, /sweep\.json$/]) {
      const twice = good.flatMap((entry) => (pattern.test(entry.header.name) ? [entry, entry] : [entry]));
      await assertEntriesRefused(test, counted(twice), /comes twice or out of order/);
    }
  });

  it('is refused if it is cut off, wherever', async (test) => {
    const bytes = await readFile(bundle);
    for (const length of [0, 3, 20, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const path = join(await temporaryFolder(test), 'cut.tar.zst');
      await writeFile(path, bytes.subarray(0, length));
      await assertRefused(test, path, /cut off|is empty/);
    }
    await assertEntriesRefused(test, good.slice(0, -1), /entries of \d+ bytes, and not the/);
  });

  it('is refused if it is another file', async (test) => {
    const path = join(await temporaryFolder(test), 'other');
    for (const bytes of [Buffer.from('no bundle'), gzipSync('no bundle')]) {
      await writeFile(path, bytes);
      await assertRefused(test, path, /damaged or cut off/);
    }
    await assertEntriesRefused(test, good.slice(1), /it is no bundle of volbias/);
    const header = { ...named(/^bundle/), bytes: Buffer.from('{"version":2}') };
    await assertEntriesRefused(test, [header, ...good.slice(1)], /its header is not as expected: version/);
  });

  it('is refused if it unpacks to more than it says, before that much is unpacked', async (test) => {
    const zeros = Buffer.alloc(64 << 20);
    const bomb = { header: { name: `objects/${'f'.repeat(64)}` }, bytes: zeros };
    await assertEntriesRefused(test, [...good, bomb], /it unpacks to more than the \d+ bytes/);
    await assertEntriesRefused(test, [{ header: { name: 'bundle.json' }, bytes: zeros }], /no bundle|unpacks to more/);
  });

  it('is refused if the disk has no room for what it says', async (test) => {
    const [header, ...others] = counted(good);
    const huge = { ...(JSON.parse(header?.bytes.toString('utf8') ?? '') as object), bytes: 2 ** 52 };
    const entries = [{ header: { name: 'bundle.json' }, bytes: Buffer.from(JSON.stringify(huge)) }, ...others];
    await assertEntriesRefused(test, entries, /it unpacks to 4503599627370496 bytes, and the disk of/);
  });

  it('is refused if an object has other bytes than its digest says', async (test) => {
    const changed = good.map((entry) => {
      if (entry !== named(isObject)) return entry;
      const bytes = Buffer.from(entry.bytes);
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      return { ...entry, bytes };
    });
    await assertEntriesRefused(test, changed, /has other bytes than its name says/);
  });

  it('is refused if a line of its log was altered, or its end is missing', async (test) => {
    const text = named(isLog).bytes.toString('utf8');
    const withLog = (log: string): BundleEntry[] =>
      counted(good.map((entry) => (isLog.test(entry.header.name) ? { ...entry, bytes: Buffer.from(log) } : entry)));
    await assertEntriesRefused(
      test,
      withLog(text.replace('somebody', 'nobody12')),
      /line 1 of its log: .* was altered/,
    );
    const lines = text.trimEnd().split('\n');
    await assertEntriesRefused(
      test,
      withLog(`${lines.slice(0, -1).join('\n')}\n`),
      /of its log: it was altered|its head/,
    );
    await assertEntriesRefused(test, withLog(text.trimEnd()), /log/);
  });

  it('is refused if a record has the key of other work', async (test) => {
    const source = openTestStore(join(await temporaryFolder(test), 'forged'));
    const id = await fillWithSweep(source);
    const forged = { ...workOf('d'), step: 'join', unit: 'join flat', sweep: id };
    await source.store.put(forged, { files: {}, summary: { rows: 'forged' } });
    const path = join(source.folder.root, 'forged.tar.zst');
    await exportBundle(source, { sweep: id, path }, nothing);
    await assertRefused(test, path, /its record of join flat has the key of other work/);
  });

  it('is refused if an object is missing that it needs, or one is there that it does not need', async (test) => {
    for (const { header } of good.filter((entry) => isObject.test(entry.header.name))) {
      const without = counted(good.filter((entry) => entry.header.name !== header.name));
      await assertEntriesRefused(test, without, /is missing|lacks|no record of its sweep names/);
    }
    const foreign = counted(sorted([...good, objectOf('foreign')]));
    await assertEntriesRefused(test, foreign, /no record of its sweep names the object/);
  });

  it('is refused if the record of its sweep is that of another, or names no digest', async (test) => {
    for (const text of ['{}', `{"id":"other-0123456789"}`]) {
      const bytes = Buffer.from(text);
      const changed = good.map((entry) => (/sweep\.json$/.test(entry.header.name) ? { ...entry, bytes } : entry));
      await assertEntriesRefused(test, counted(changed), /sweep\.json is damaged/);
    }
  });
});
