import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { specificationOf } from '../../../steps/pipeline.js';
import { readSweepContent, readSweepContentFor } from '../../../storage/sweeps/sweep-content.js';
import {
  describeSweep,
  listSweeps,
  locationOf,
  readSweepRecord,
  recordSweep,
} from '../../../storage/sweeps/sweep-records.js';
import { parsedTinyConfig } from '../../support/sweeps/plan-of.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { filesBelow, openTestStore } from '../../support/sweeps/test-store.js';

const content = { config: parsedTinyConfig(), importedFolds: null, environment: null };

function at(configPath: string, paths: readonly (readonly [string, string])[] = []) {
  return { configPath, paths: new Map(paths) };
}

describe('the record of a sweep', () => {
  it('is read back with the config that it was made from', async (test) => {
    const { folder, store } = openTestStore(await temporaryFolder(test));
    const record = await recordSweep(folder, store, at('/somewhere/tiny.yaml'), content);
    assert.deepEqual(await listSweeps(folder), [record.id]);
    assert.deepEqual(await readSweepRecord(folder, record.id), record);
    assert.deepEqual(await readSweepContent(store, record.specification), content);
  });

  it('is not treated as missing if it is damaged', async (test) => {
    const { folder, store } = openTestStore(await temporaryFolder(test));
    const { id } = await recordSweep(folder, store, at('/somewhere/tiny.yaml'), content);
    await writeFile(join(folder.sweeps, id, 'sweep.json'), '{');
    await assert.rejects(readSweepRecord(folder, id), /sweep\.json is damaged, .*; run the sweep's config again/);
    await assert.rejects(readSweepRecord(folder, 'other'), /there is no sweep "other"/);
  });

  it('is refused if it is that of another sweep', async (test) => {
    const { folder, store } = openTestStore(await temporaryFolder(test));
    const record = await recordSweep(folder, store, at('/somewhere/tiny.yaml'), content);
    const file = join(folder.sweeps, record.id, 'sweep.json');
    await writeFile(file, JSON.stringify({ ...record, specification: 'a'.repeat(64) }));
    await assert.rejects(readSweepRecord(folder, record.id), { code: 'STORE_CORRUPT', message: /another config/ });
    const id = `tiny-${'a'.repeat(10)}`;
    await writeFile(file, JSON.stringify({ ...record, id, specification: 'a'.repeat(64) }));
    await assert.rejects(readSweepRecord(folder, record.id), {
      code: 'STORE_CORRUPT',
      message: /another sweep, tiny-a/,
    });
  });

  it('does not decide where phantoms are written', async (test) => {
    const { folder } = openTestStore(await temporaryFolder(test));
    const drawn = describeSweep(folder, at('/here/a.yaml'), content);
    const foreign = { ...drawn, locations: { flat: { root: '/home/somebody' } } };
    assert.deepEqual(locationOf(folder, content, foreign, 'flat'), drawn.locations.flat);
    const found = { ...content, config: parsedTinyConfig({ dataSet: { path: '../data' } }) };
    assert.deepEqual(locationOf(folder, found, foreign, 'flat'), { root: '/home/somebody' });
  });

  it('is the same for the same config, wherever its file is', async (test) => {
    const { folder } = openTestStore(await temporaryFolder(test));
    const one = describeSweep(folder, at('/here/a.yaml'), content);
    const other = describeSweep(folder, at('/there/b.yaml'), structuredClone(content));
    assert.equal(one.id, other.id);
    const changed = { ...content, config: { ...content.config, seed: 2 } };
    assert.notEqual(describeSweep(folder, at('/here/a.yaml'), changed).id, one.id);
  });

  it('is described without writing anything', async (test) => {
    const { folder } = openTestStore(join(await temporaryFolder(test), 'not there yet'));
    describeSweep(folder, at('/here/a.yaml'), content);
    assert.deepEqual(await listSweeps(folder), []);
    assert.deepEqual(await filesBelow(folder.root), []);
    assert.ok(!existsSync(folder.root), 'looking leaves no folder behind');
  });

  it("resolves a data set's path relative to the config, and keeps phantoms in the data folder", async (test) => {
    const { folder } = openTestStore(await temporaryFolder(test));
    const config = parsedTinyConfig({ dataSet: { path: '../data', participants: 'who.csv' } });
    assert.deepEqual(describeSweep(folder, at('/configs/a.yaml'), { ...content, config }).locations, {
      flat: { root: '/data', participants: '/configs/who.csv' },
    });
    const drawn = describeSweep(folder, at('/configs/a.yaml'), content).locations.flat?.root ?? '';
    assert.ok(drawn.startsWith(folder.phantoms));
    const otherSeed = { ...content, config: { ...content.config, seed: 2 } };
    assert.notEqual(describeSweep(folder, at('/configs/a.yaml'), otherSeed).locations.flat?.root, drawn);
  });

  it('takes data sets from elsewhere on request, and stays the same sweep', async (test) => {
    const { folder } = openTestStore(await temporaryFolder(test));
    const config = parsedTinyConfig({ dataSet: { path: '../data' } });
    const here = describeSweep(folder, at('/configs/a.yaml'), { ...content, config });
    const elsewhere = describeSweep(folder, at('/configs/a.yaml', [['flat', '/mnt/data']]), { ...content, config });
    assert.deepEqual(elsewhere, { ...here, locations: { flat: { root: '/mnt/data' } } });
    const unknown = at('/configs/a.yaml', [['flad', '/mnt/data']]);
    assert.throws(() => describeSweep(folder, unknown, { ...content, config }), {
      code: 'ARGUMENT_INVALID',
      message: /"flad".*flat/,
    });
  });

  it('takes all structures of a data set from where the data set of the config is', async (test) => {
    const folder = await temporaryFolder(test);
    const structures = { tumour: { anyOf: [1, 4] }, oedema: { equals: 2 } };
    const label = { allowed: [0, 1, 2, 4], resampling: 'soft' };
    const changes = { dataSet: { name: 'brats', path: '../data', structures, label } };
    const path = await writeConfig(folder, tinyConfig(changes));
    const several = await readSweepContentFor(path);
    assert.deepEqual(
      several.config.dataSets.map((dataSet) => [dataSet.name, dataSet.label]),
      [
        ['brats-tumour', { ...label, anyOf: [1, 4] }],
        ['brats-oedema', { ...label, equals: 2 }],
      ],
    );
    const { folder: kept, store } = openTestStore(join(folder, 'kept'));
    const record = await recordSweep(kept, store, at(path, [['brats', '/mnt/brats']]), several);
    const root = '/mnt/brats';
    assert.deepEqual(record.locations, { 'brats-tumour': { root }, 'brats-oedema': { root } });
    assert.deepEqual(await readSweepContent(store, record.specification), several);
    assert.throws(() => describeSweep(kept, at(path, [['brats-tumour', root]]), several), {
      code: 'ARGUMENT_INVALID',
      message: /"brats-tumour", expected one of the config's data sets on disk \(brats\)$/,
    });
  });

  it('that is missing is refused with the names of the existing ones', async (test) => {
    const { folder, store } = openTestStore(await temporaryFolder(test));
    await assert.rejects(readSweepRecord(folder, 'none'), { code: 'ARGUMENT_INVALID', message: /no sweep has run/ });
    const { id } = await recordSweep(folder, store, at('/a.yaml'), content);
    await assert.rejects(readSweepRecord(folder, 'none'), { code: 'ARGUMENT_INVALID', message: new RegExp(id) });
    await assert.rejects(readSweepRecord(folder, '../../etc'), { code: 'ARGUMENT_INVALID' });
    await assert.rejects(readSweepRecord(folder, `../sweeps/${id}`), { code: 'ARGUMENT_INVALID' });
  });
});

describe('what workflows know of a sweep', () => {
  it('is names and digests: imported folds, which name cases, are only in the key of the split', () => {
    const folds = [['jane-doe'], ['john-doe']];
    const drawn = specificationOf(content);
    const imported = specificationOf({ ...content, importedFolds: folds });
    assert.ok(!/jane|john/.test(JSON.stringify(imported)));
    assert.notEqual(imported.parameters.flat?.split, drawn.parameters.flat?.split);
    assert.equal(imported.parameters.flat?.['train unet/ce'], drawn.parameters.flat?.['train unet/ce']);
  });

  it('changes with the numeric environment only if the policy puts it into the keys', () => {
    const here = specificationOf({ ...content, environment: { tensorflow: '2.21.0' } });
    const there = specificationOf({ ...content, environment: { tensorflow: '2.22.0' } });
    const name = 'train unet/ce';
    assert.notEqual(here.parameters.flat?.[name], there.parameters.flat?.[name]);
    assert.equal(here.parameters.flat?.preprocess, there.parameters.flat?.preprocess);
  });
});
