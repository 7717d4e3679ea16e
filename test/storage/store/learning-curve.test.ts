import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { it } from 'node:test';

import { dataFolderAt } from '../../../storage/store/data-folder.js';
import { curveFile, showCurve } from '../../../storage/store/learning-curve.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const key = 'a'.repeat(64);

it('a learning curve is shown at once, later at most once a second, and whole at the end', async (test) => {
  const folder = dataFolderAt(await temporaryFolder(test));
  const curve = showCurve(folder, key);
  const made: number[] = [];
  for (const epoch of [1, 2, 3]) {
    curve.show(() => {
      made.push(epoch);
      return `${epoch}`;
    });
  }
  assert.deepEqual([made, await readFile(curveFile(folder, key), 'utf8')], [[1], '1']);
  curve.end();
  curve.end();
  assert.deepEqual([made, await readFile(curveFile(folder, key), 'utf8')], [[1, 3], '3']);
});

it('a learning curve that cannot be written fails no training', async (test) => {
  const folder = dataFolderAt(await temporaryFolder(test));
  await rm(folder.root, { recursive: true, force: true });
  await writeFile(folder.root, 'a file in its place');
  const curve = showCurve(folder, key);
  curve.show(() => '1');
  curve.end();
});
