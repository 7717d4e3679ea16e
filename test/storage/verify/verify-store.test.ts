import assert from 'node:assert/strict';
import { appendFile, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { indexPath, objectPath } from '../../../storage/store/data-folder.js';
import { inspectLog } from '../../../storage/store/log-inspection.js';
import { readRecordedWork } from '../../../storage/store/work-records.js';
import type { Finding } from '../../../storage/verify/finding.js';
import { rebuildIndex } from '../../../storage/verify/rebuild-index.js';
import { repair } from '../../../storage/verify/repair.js';
import { objectsOfSweep } from '../../../storage/verify/sweep-scope.js';
import { verifyLog, verifyObjects, verifyRecords, viewOf } from '../../../storage/verify/verify-store.js';
import { flipBit } from '../../support/damage.js';
import { storeSweep, type StoredSweep } from '../../support/sweeps/stored-sweep.js';
import { filesBelow } from '../../support/sweeps/sweep-folders.js';
import { openTestStore, workOf, type TestStore } from '../../support/sweeps/test-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const train = 'train flat/lr/ce/fold-1';
const evaluate = 'evaluate flat/lr/ce/fold-1';

async function twoSweeps(test: TestContext): Promise<{ at: TestStore; one: StoredSweep; other: StoredSweep }> {
  const at = openTestStore(await temporaryFolder(test));
  return { at, one: await storeSweep(at, 'one'), other: await storeSweep(at, 'other') };
}

async function findingsIn({ folder }: TestStore, sweep?: string): Promise<Finding[]> {
  const view = await viewOf(folder);
  const scope = sweep === undefined ? undefined : await objectsOfSweep(view, sweep);
  const { findings } = await verifyObjects(view, scope, () => undefined);
  return [...verifyLog(view), ...(await verifyRecords(view)), ...findings];
}

describe('verifying a data folder', () => {
  it('finds nothing where nothing is wrong', async (test) => {
    const { at } = await twoSweeps(test);
    assert.deepEqual(await findingsIn(at), []);
    assert.deepEqual(await findingsIn(openTestStore(await temporaryFolder(test))), []);
  });

  it('names every object that has a flipped bit or is missing, and what was computed from it', async (test) => {
    const { at, one } = await twoSweeps(test);
    const objects = (await filesBelow(at.folder.objects)).sort();
    assert.equal(objects.length, 2 * (3 * 2 + 1));
    for (const path of objects) {
      const bytes = await readFile(path);
      await flipBit(path, 3);
      const [flipped, ...others] = await findingsIn(at);
      assert.deepEqual([flipped?.about, flipped?.path, others], ['object', relative(at.folder.root, path), []]);
      assert.match(flipped?.problem ?? '', /do not match/);
      await rm(path);
      const [missing] = await findingsIn(at);
      assert.deepEqual(
        { ...missing, problem: '' },
        {
          ...{ ...flipped, problem: '' },
          // A result without one of its parts can be made again, the config of a sweep only by running it.
          repairable: flipped?.indexRecords?.length === 1,
        },
      );
      await writeFile(path, bytes);
    }
    const { files } = await at.store.manifest(one.refs.get(train)?.digest ?? '');
    await flipBit(objectPath(at.folder, files['data.bin']?.digest ?? ''), 0);
    const [damaged] = await findingsIn(at);
    assert.deepEqual(damaged?.of, [`${train}: data.bin`]);
    assert.deepEqual([damaged.dependents, damaged.sweeps], [[evaluate, 'report'], [one.id]]);
  });

  it('can be limited to what one sweep needs', async (test) => {
    const { at, one, other } = await twoSweeps(test);
    const { digest = '' } = one.refs.get(evaluate) ?? {};
    await flipBit(objectPath(at.folder, digest), 0);
    assert.equal((await findingsIn(at, one.id)).length, 1);
    assert.deepEqual(await findingsIn(at, other.id), []);
    await assert.rejects(findingsIn(at, 'none'), { code: 'ARGUMENT_INVALID' });
  });

  it('finds the same without an index, and says how to write it again', async (test) => {
    const { at, one, other } = await twoSweeps(test);
    const { files } = await at.store.manifest(one.refs.get(train)?.digest ?? '');
    await flipBit(objectPath(at.folder, files['data.bin']?.digest ?? ''), 0);
    await rm(at.folder.index, { recursive: true });
    const [index, object, ...others] = await findingsIn(at, one.id);
    assert.deepEqual([index?.about, index?.path, object?.about, others], ['index', 'index', 'object', []]);
    assert.match(
      index?.problem ?? '',
      /^it lacks 6 recorded results; to write it again: volbias verify --rebuild-index$/,
    );
    assert.deepEqual([object?.of, object?.dependents], [[`${train}: data.bin`], [evaluate, 'report']]);
    assert.equal((await findingsIn(at, other.id)).length, 1);
    await rebuildIndex(at.folder, at.store, await readRecordedWork(at.lineage));
    assert.deepEqual(await findingsIn(at, other.id), []);
  });

  it('names a damaged record of the index, and a result that no record of the log explains', async (test) => {
    const { at, one } = await twoSweeps(test);
    const paths = [train, evaluate].map((unit) => indexPath(at.folder, one.refs.get(unit)?.key ?? ''));
    const [first = '', second = ''] = paths;
    const bytes = await readFile(first);
    for (const damage of [() => flipBit(first, 5), () => copyFile(second, first), () => writeFile(first, '{}')]) {
      await damage();
      const found = await findingsIn(at);
      assert.deepEqual(
        found.map(({ about, path }) => [about, path]),
        [['index', relative(at.folder.root, first)]],
      );
      await writeFile(first, bytes);
    }
    const { digest } = await at.store.putBlob(Buffer.from('{"files":{},"summary":null}'));
    const { key } = workOf('c');
    await writeFile(
      indexPath(at.folder, one.refs.get(train)?.key ?? ''),
      JSON.stringify({ step: 'train', key, digest }),
    );
    assert.match((await findingsIn(at))[0]?.problem ?? '', /record of other work/);
  });

  it('names a record whose key is not the digest of what it records', async (test) => {
    const { at } = await twoSweeps(test);
    await at.lineage.append('artifact', { ...workOf('d'), digest: 'e'.repeat(64) });
    const [wrong, ...others] = await findingsIn(at);
    assert.deepEqual([wrong?.about, wrong?.of, others], ['record', ['split d'], []]);
  });

  it('names the altered line of the log, and the result that it no longer explains', async (test) => {
    const { at, one } = await twoSweeps(test);
    const text = await readFile(at.folder.lineageLog, 'utf8');
    await writeFile(at.folder.lineageLog, text.replace('"seed":1', '"seed":2'));
    const found = await findingsIn(at);
    const index = relative(at.folder.root, indexPath(at.folder, one.refs.get(train)?.key ?? ''));
    assert.deepEqual(
      found.map(({ about, path, line, of }) => [about, path, line, of[0]]),
      [
        ['log', 'lineage.jsonl', 1, `artifact ${train}`],
        ['index', index, undefined, 'train'],
      ],
    );
  });

  it('names a damaged record of a sweep', async (test) => {
    const { at, other } = await twoSweeps(test);
    await writeFile(join(at.folder.sweeps, other.id, 'sweep.json'), '{');
    const [damaged] = await findingsIn(at);
    assert.deepEqual([damaged?.about, damaged?.sweeps], ['sweep', [other.id]]);
  });
});

describe('repairing a data folder', () => {
  it('puts aside what is damaged, so that it counts as missing, and acknowledges the damage of the log', async (test) => {
    const { at, one } = await twoSweeps(test);
    const { folder, lineage, store } = at;
    const trained = one.refs.get(train);
    assert.ok(trained !== undefined);
    await flipBit(objectPath(folder, one.refs.get('report')?.digest ?? ''), 2);
    const text = await readFile(folder.lineageLog, 'utf8');
    await writeFile(folder.lineageLog, text.replace('"seed":1', '"seed":2'));
    await appendFile(folder.lineageLog, '{"half');
    const findings = await findingsIn(at);
    assert.equal(findings.length, 3);
    await repair(folder, { lineage, log: await inspectLog(folder.lineageLog), findings });

    assert.deepEqual(await findingsIn(at), [], 'nothing is left that is damaged');
    assert.equal(await store.find(trained.key), undefined, 'the training would be computed and recorded again');
    assert.equal(await store.find(one.refs.get('report')?.key ?? ''), undefined);
    assert.ok((await readRecordedWork(lineage)).every(({ key }) => key !== trained.key));
    assert.equal((await filesBelow(folder.quarantine)).length, 4);
  });
});

describe('the index', () => {
  it('is rebuilt from the log, without results that are not in the store', async (test) => {
    const { at, one } = await twoSweeps(test);
    const { folder, lineage, store } = at;
    const before = new Map<string, string>();
    for (const path of await filesBelow(folder.index)) before.set(path, await readFile(path, 'utf8'));
    const works = await readRecordedWork(lineage);
    assert.equal(await rebuildIndex(folder, store, works), 0);
    await rm(folder.index, { recursive: true });
    assert.equal(await rebuildIndex(folder, store, works), before.size);
    for (const [path, text] of before) assert.equal(await readFile(path, 'utf8'), text);
    await rm(folder.index, { recursive: true });
    await rm(objectPath(folder, one.refs.get(train)?.digest ?? ''));
    assert.equal(await rebuildIndex(folder, store, works), before.size - 1);
    assert.equal((await filesBelow(folder.index)).length, before.size - 1);
  });
});
