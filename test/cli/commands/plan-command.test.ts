import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { assertEnded, onFolder, runCommandLine, type CommandLineResult } from '../../support/command-line.js';
import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { writeMaskedCases } from '../../support/data/masked-cases.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { fixturesFolder } from '../../support/paths.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const hippocampi = {
  name: 'hippocampi',
  kind: 'decathlon',
  path: join(fixturesFolder, 'hippocampus'),
  modalities: ['MRI'],
  label: { greaterThan: 0 },
};

async function planned(
  test: TestContext,
  changes: Readonly<Record<string, unknown>>,
  ...flags: readonly string[]
): Promise<CommandLineResult> {
  const folder = await temporaryFolder(test);
  const config = await writeConfig(folder, { ...tinyConfig({}), dataSets: [hippocampi], ...changes });
  return runCommandLine(onFolder('plan', config, join(folder, 'data'), ...flags));
}

describe('volbias plan', () => {
  it('says nothing of a data set that networks see as a whole', async (test) => {
    const result = await planned(test, {});
    assertEnded(result, 0);
    assert.doesNotMatch(result.output, /^(warning|error): /m);
  });

  it('refuses crops that a model cannot take, of all data sets at once, and says which it can', async (test) => {
    const preprocessing = { crop: [20, 27, 27] };
    const dataSets = [1, 2].map((number) => ({ ...hippocampi, name: `own-${number}`, preprocessing }));
    const result = await planned(test, { dataSets });
    assertEnded(result, 2);
    for (const index of [0, 1])
      assert.match(
        result.errors,
        new RegExp(
          `dataSets\\[${index}\\]\\.preprocessing\\.crop: a crop of 20×27×27 does not fit the unet: .* 27 × 27 × 27`,
        ),
      );
  });

  it('refuses more folds than participants, and a modality that is not there, in one list', async (test) => {
    const other = { ...hippocampi, name: 'other', modalities: ['FLAIR'], preprocessing: { crop: [27, 54, 27] } };
    const result = await planned(test, { dataSets: [hippocampi, other], split: { folds: 11 } });
    assertEnded(result, 2);
    assert.match(
      result.errors,
      /data set hippocampi in .*hippocampus: 11 folds \(split\.folds\) need at least as many participants, but there are only 10/,
    );
    assert.match(result.errors, /dataset\.json does not name the modality FLAIR; it has MRI/);
  });

  it('refuses folds that leave one participant for training with inner validation, as validate does', async (test) => {
    const folder = await temporaryFolder(test);
    const root = join(folder, 'two');
    await writeMaskedCases(root, { a: { 1: 5 }, b: { 1: 6 } });
    const dataSet = { kind: 'nnunet', path: root, modalities: ['T1'], preprocessing: { crop: [6, 6, 6] } };
    const tiny = tinyConfig({ models: ['lr'], dataSet });
    const config = await writeConfig(folder, tiny);
    const expected = /a fold leaves 1 participant for training, but training\.validation: inner needs at least 2/;
    for (const verb of ['plan', 'validate'])
      assert.match(
        Object.values(await runCommandLine(onFolder(verb, config, join(folder, 'data')))).join(),
        expected,
        verb,
      );
    const heldOut = await writeConfig(folder, {
      ...tiny,
      training: { ...(tiny.training as object), validation: 'heldOut' },
    });
    assertEnded(await runCommandLine(onFolder('plan', heldOut, join(folder, 'data'))), 0);
  });

  it('refuses folds from a file that name other cases', async (test) => {
    const folder = await temporaryFolder(test);
    await writeFile(join(folder, 'folds.json'), JSON.stringify([['hippocampus_102'], ['nobody']]));
    const split = { file: 'folds.json' };
    const config = await writeConfig(folder, { ...tinyConfig({}), dataSets: [hippocampi], split });
    const result = await runCommandLine(onFolder('plan', config, join(folder, 'data')));
    assertEnded(result, 2);
    assert.match(result.errors, /data set hippocampi in .*split\.file: .*case nobody is not in the data set/);
  });

  it('refuses a mask on another grid than its image, by their headers, unless faulty cases are left out', async (test) => {
    const folder = await temporaryFolder(test);
    const root = join(folder, 'data-set');
    await writeMaskedCases(root, Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((id) => [id, { 1: 5 }])));
    const moved = encodeNifti({ grid: gridOf([6, 6, 6], [3, 3, 3]), values: new Uint8Array(216).fill(1, 0, 9) });
    await writeFile(join(root, 'labelsTr', 'c.nii'), moved);
    const dataSet = { kind: 'nnunet', path: root, modalities: ['T1'], preprocessing: { crop: [6, 6, 6] } };
    const planOf = async (more: object): Promise<CommandLineResult> => {
      const config = await writeConfig(folder, tinyConfig({ models: ['lr'], dataSet: { ...dataSet, ...more } }));
      return runCommandLine(onFolder('plan', config, join(folder, 'data')));
    };
    const stopped = await planOf({});
    assertEnded(stopped, 1);
    assert.match(
      stopped.output,
      /^error: flat, case c: .*c\.nii .* do not share the same voxel grid: .*resample MASK OUT/m,
    );
    const left = await planOf({ onInvalidCase: 'exclude' });
    assertEnded(left, 0);
    assert.match(left.output, /^warning: flat, case c: .*; the case will be left out, as onInvalidCase says$/m);
  });

  it('warns of a crop that does not hold the images, by their headers', async (test) => {
    const result = await planned(test, { dataSets: [{ ...hippocampi, preprocessing: { crop: [27, 27, 27] } }] });
    assertEnded(result, 0);
    assert.match(
      result.output,
      /\nwarning: hippocampi: networks see 27×27×27 voxels, and the prepared images of 2 of 10 cases are larger, such as hippocampus_127 with 19×28×16 .*preprocessing\.crop: auto holds them/,
    );
    const json = await planned(
      test,
      { dataSets: [{ ...hippocampi, preprocessing: { crop: [27, 27, 27] } }] },
      '--json',
    );
    const { findings } = JSON.parse(json.output) as { findings: { severity: string }[] };
    assert.deepEqual(
      findings.map(({ severity }) => severity),
      ['warning'],
    );
  });

  it('names every file whose header cannot be read, and ends with 1', async (test) => {
    const data = await temporaryFolder(test);
    for (const part of ['imagesTr', 'labelsTr']) await mkdir(join(data, part));
    for (const [id, from] of [
      ['a', '006'],
      ['b', '127'],
      ['c', '133'],
    ] as const) {
      await copyFile(
        join(hippocampi.path, 'imagesTr', `hippocampus_${from}.nii.gz`),
        join(data, 'imagesTr', `${id}_0000.nii.gz`),
      );
      await copyFile(
        join(hippocampi.path, 'labelsTr', `hippocampus_${from}.nii.gz`),
        join(data, 'labelsTr', `${id}.nii.gz`),
      );
    }
    await writeFile(join(data, 'imagesTr', 'a_0000.nii.gz'), 'no image');
    await writeFile(join(data, 'labelsTr', 'b.nii.gz'), '');
    const { training } = tinyConfig({ training: { validation: 'heldOut' } });
    const result = await planned(test, { training, dataSets: [{ ...hippocampi, kind: 'nnunet', path: data }] });
    assertEnded(result, 1);
    assert.match(result.output, /\nerror: hippocampi, case a: .*a_0000\.nii\.gz/);
    assert.match(result.output, /\nerror: hippocampi, case b: .*b\.nii\.gz/);
    assert.doesNotMatch(result.output, /case c/);
  });
});
