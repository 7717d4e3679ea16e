import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { specificationOf } from '../../../steps/pipeline.js';
import { readSweepContentFor, type SweepContent } from '../../../storage/sweeps/sweep-content.js';
import { tinyConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** The content of a sweep whose config has this `split`, with a file of folds beside it. */
async function contentWith(
  test: TestContext,
  split: Readonly<Record<string, unknown>>,
  folds: unknown,
  config: Readonly<Record<string, unknown>> = tinyConfig({}),
): Promise<SweepContent> {
  const folder = await temporaryFolder(test);
  await writeFile(join(folder, 'folds.json'), JSON.stringify(folds));
  const path = join(folder, 'config.json');
  await writeFile(path, JSON.stringify({ ...config, split }, null, 2));
  return readSweepContentFor(path);
}

const three = [
  ['image-0', 'image-1'],
  ['image-2', 'image-3'],
  ['image-4', 'image-5'],
];

describe('folds from a file', () => {
  it('are as many as the lists in the file, so that every case is tested', async (test) => {
    const content = await contentWith(test, { file: 'folds.json' }, three);
    assert.equal(content.config.split.folds, 3);
    assert.equal(specificationOf(content).folds, 3);
    assert.deepEqual(content.importedFolds, three);
  });

  it('may be counted in the config, but the count must match the file', async (test) => {
    assert.equal((await contentWith(test, { file: 'folds.json', folds: 3 }, three)).config.split.folds, 3);
    await assert.rejects(contentWith(test, { file: 'folds.json', folds: 5 }, three), {
      code: 'CONFIG_INVALID',
      // The line of `folds` in the config.
      message: /config\.json:\d+ {2}split\.folds: 5 folds contradict the 3 lists in split\.file; remove folds/,
    });
  });

  it('may be more than the config’s default, up to its limit, which the error states', async (test) => {
    const lists = (count: number): string[][] =>
      Array.from({ length: count }, (_, index) => [`image-${String(index)}`]);
    const { phantom, ...dataSet } = (tinyConfig({}) as { dataSets: [{ phantom: object }] }).dataSets[0];
    const config = { ...tinyConfig({}), dataSets: [{ ...dataSet, phantom: { ...phantom, cases: 2000 } }] };
    assert.equal((await contentWith(test, { file: 'folds.json' }, lists(200), config)).config.split.folds, 200);
    await assert.rejects(contentWith(test, { file: 'folds.json' }, lists(1001), config), {
      code: 'CONFIG_INVALID',
      message: /split\.folds: .*1000/,
    });
  });

  it('must match a number of folds that an alias gives', async (test) => {
    const folder = await temporaryFolder(test);
    await writeFile(join(folder, 'folds.json'), JSON.stringify(three));
    const path = join(folder, 'config.yaml');
    const rest = JSON.stringify({ ...tinyConfig({}), split: undefined, seed: undefined }).slice(1, -1);
    await writeFile(path, `{ "seed": &n 5, "split": { "folds": *n, "file": folds.json }, ${rest} }`);
    await assert.rejects(readSweepContentFor(path), {
      code: 'CONFIG_INVALID',
      message: /5 folds contradict the 3 lists/,
    });
  });

  it('are refused with the place where their file is not JSON', async (test) => {
    const folder = await temporaryFolder(test);
    const path = join(folder, 'config.yaml');
    await writeFile(path, JSON.stringify({ ...tinyConfig({}), split: { file: 'folds.json' } }));
    for (const [text, expected] of [
      ['[\n  ["a"],\n {x}\n]', /folds\.json: it is not JSON: line 3, column 3 does not fit$/],
      ['[["a"', /folds\.json: it is not JSON: it ends too early$/],
    ] as const) {
      await writeFile(join(folder, 'folds.json'), text);
      await assert.rejects(readSweepContentFor(path), { code: 'CONFIG_INVALID', message: expected });
    }
  });

  it('are lists of case ids, at least two', async (test) => {
    for (const folds of [null, {}, [1], [['a', 2]], 'x']) {
      const message = /split\.file: .*folds\.json: expected one list of case ids for each fold/;
      await assert.rejects(contentWith(test, { file: 'folds.json' }, folds), { code: 'CONFIG_INVALID', message });
    }
    const message = /it has 1 fold; at least 2 are needed/;
    await assert.rejects(contentWith(test, { file: 'folds.json' }, [['a']]), { code: 'CONFIG_INVALID', message });
    await assert.rejects(contentWith(test, { file: 'none.json' }, three), {
      code: 'CONFIG_INVALID',
      message: /none\.json/,
    });
  });
});
