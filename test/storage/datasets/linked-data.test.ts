import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, realpath, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { findingsOf } from '../../support/data/findings-of.js';
import { writeMaskedCases } from '../../support/data/masked-cases.js';
import { prepareDataSet } from '../../support/data/prepare-data-set.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const nnunet = { kind: 'nnunet', modalities: ['T1'], preprocessing: { crop: [6, 6, 6] } };
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A read-only share with two cases, and a data set of links to its files. */
async function linked(test: TestContext): Promise<{ share: string; root: string }> {
  const names = ['imagesTr', 'labelsTr'];
  let share = '';
  // Before the folder is removed.
  test.after(async () => {
    for (const name of names) await chmod(join(share, name), 0o755);
  });
  const folder = await realpath(await temporaryFolder(test));
  share = join(folder, 'share');
  const root = join(folder, 'data');
  await writeMaskedCases(share, { a: { 1: 5 }, b: { 1: 7 } });
  for (const name of names) {
    await mkdir(join(root, name), { recursive: true });
    for (const file of await readdir(join(share, name))) await symlink(join(share, name, file), join(root, name, file));
    await chmod(join(share, name), 0o555);
  }
  return { share, root };
}

/** Each file below a folder, and when it and its content were changed last. */
async function stateOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const states = names.map(async (name) => `${name} ${String((await stat(join(folder, name))).ctimeMs)}`);
  return (await Promise.all(states)).sort();
}

describe('a data set of links to a read-only share', () => {
  it('is scanned by the bytes of their targets, which the scan says are outside, and nothing is written beside them', async (test) => {
    const { share, root } = await linked(test);
    const before = await stateOf(share);
    const { scan, statistics } = await prepareDataSet(join(root, '..', 'kept'), { ...nnunet, path: root });
    assert.deepEqual(
      statistics.cases.map(({ id, quality }) => [id, quality.structureVoxelsBefore]),
      [
        ['a', 5],
        ['b', 7],
      ],
    );
    for (const { label } of scan.cases) {
      assert.equal(label.digest, sha256(await readFile(join(share, label.path))));
    }
    assert.deepEqual(scan.warnings, [{ warning: "files outside the data set's folder are used", cases: ['a', 'b'] }]);
    assert.deepEqual(await stateOf(share), before);
    assert.deepEqual((await readdir(root)).sort(), ['imagesTr', 'labelsTr']);
  });

  it('is listed by validate with the folders of the share', async (test) => {
    const { share, root } = await linked(test);
    const folders = ['imagesTr', 'labelsTr'].map((name) => join(share, name)).join(', ');
    assert.deepEqual(await findingsOf(root, nnunet), [
      {
        severity: 'warning',
        message: `files outside the data set's folder are used: 4 files in ${folders} (a, b)`,
      },
    ]);
  });

  it('gives the results of the share itself', async (test) => {
    const { share, root } = await linked(test);
    const own = await prepareDataSet(join(root, '..', 'one'), { ...nnunet, path: share });
    const byLinks = await prepareDataSet(join(root, '..', 'other'), { ...nnunet, path: root });
    assert.deepEqual(byLinks.statistics, own.statistics);
    const chosen = { ...nnunet, path: root, images: join(share, 'imagesTr'), masks: '../share/labelsTr' };
    assert.deepEqual((await prepareDataSet(join(root, '..', 'third'), chosen)).statistics, own.statistics);
  });
});
