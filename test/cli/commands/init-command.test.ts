import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import type { Triple } from '../../../domain/image/grid.js';
import { diagonalAffine } from '../../../domain/image/affine.js';
import { configOf } from '../../../storage/sweeps/config-files.js';
import { readSweepContentFor } from '../../../storage/sweeps/sweep-content.js';
import { assertEnded, runCommandLine } from '../../support/command-line.js';
import { picture, put } from '../../support/data/small-files.js';
import { hippocampusFolder } from '../../support/paths.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** An image whose voxels are all different, or a mask whose structure of the given values is in the middle. */
function nifti(shape: Triple, spacing: Triple, structures?: readonly number[]): Uint8Array {
  const count = shape[0] * shape[1] * shape[2];
  const start = Math.floor(count / 2);
  const values = Float32Array.from({ length: count }, (_, at) =>
    structures === undefined ? at : (structures[Math.floor((at - start) / 20)] ?? 0) * (at < start ? 0 : 1),
  );
  return encodeNifti({ grid: { shape, spacingMm: spacing, affine: diagonalAffine(spacing) }, values });
}

/** Case numbers; each has an image of its own size along x, so that no image occurs twice. */
const numbers = [1, 2, 3, 4, 5, 6];
const image = (number: number): Uint8Array => nifti([30 + number, 40, 20], [2, 2, 3]);
const mask = (number: number, structures: readonly number[] = [1]): Uint8Array =>
  nifti([30 + number, 40, 20], [2, 2, 3], structures);

/** A folder in each layout, as its documentation describes it, and the modalities that all of its cases have. */
const layouts: readonly (readonly [kind: string, modalities: string[], make: (root: string) => Promise<void>])[] = [
  [
    'nnunet',
    ['channel0', 'channel1'],
    async (root) => {
      for (const number of numbers) {
        for (const channel of ['0000', '0001']) await put(root, `imagesTr/c${number}_${channel}.nii`, image(number));
        await put(root, `labelsTr/c${number}.nii`, mask(number));
      }
    },
  ],
  [
    'bids',
    ['FLAIR', 'T1w'],
    async (root) => {
      await put(root, 'participants.tsv', `participant_id\tage\n${numbers.map((one) => `sub-${one}\t50\n`).join('')}`);
      for (const number of numbers) {
        const place = `sub-${number}/anat/sub-${number}`;
        for (const suffix of ['FLAIR', 'T1w']) await put(root, `${place}_${suffix}.nii`, image(number));
        if (number === 1) await put(root, `${place}_T2w.nii`, image(number));
        await put(root, `derivatives/manual/${place}_dseg.nii`, mask(number));
      }
    },
  ],
  [
    'brats',
    ['FLAIR', 'T1', 'T1ce', 'T2'],
    async (root) => {
      for (const number of numbers) {
        const place = `${number < 3 ? 'LGG' : 'HGG'}/c${number}/c${number}`;
        for (const sequence of ['flair', 't1', 't1ce', 't2'])
          await put(root, `${place}_${sequence}.nii`, image(number));
        await put(root, `${place}_seg.nii`, mask(number, [1, 2, 4]));
      }
    },
  ],
  [
    'isles2017',
    ['ADC', 'Tmax'],
    async (root) => {
      for (const number of numbers) {
        const place = (kind: string): string => `training_${number}/VSD.Brain.XX.O.${kind}.${number}/i.nii`;
        for (const kind of ['MR_ADC', 'MR_Tmax', 'MR_4DPWI']) await put(root, place(kind), image(number));
        await put(root, place('OT'), mask(number));
      }
    },
  ],
  [
    'isles2018',
    ['CT', 'Tmax'],
    async (root) => {
      for (const number of numbers) {
        const place = (kind: string): string => `case_${number}/SMIR.Brain.XX.O.${kind}.${number}/i.nii`;
        for (const kind of ['CT', 'CT_Tmax', 'CT_4DPWI']) await put(root, place(kind), image(number));
        await put(root, place('OT'), mask(number));
      }
    },
  ],
  [
    'manifest',
    ['T1', 'T2: late'],
    async (root) => {
      await put(
        root,
        'manifest.csv',
        `case,T1,T2: late,site,label,participant\n${numbers.map((one) => `c${one},${one}.nii,${one}.nii,A,m${one}.nii,p${one % 3}\n`).join('')}`,
      );
      for (const number of numbers) {
        await put(root, `${number}.nii`, image(number));
        await put(root, `m${number}.nii`, mask(number));
      }
    },
  ],
  [
    'folder2d',
    ['grey'],
    async (root) => {
      for (const number of numbers) {
        await put(root, `images/${number}.png`, await picture(30 + number, 54, false));
        await put(root, `masks/${number}.png`, await picture(30 + number, 54, true));
      }
    },
  ],
  [
    'tufts',
    ['radiograph'],
    async (root) => {
      for (const number of numbers) {
        await put(root, `Radiographs/${number}.png`, await picture(30 + number, 54, false));
        await put(root, `Segmentation/teeth_mask/${number}.png`, await picture(30 + number, 54, true));
      }
    },
  ],
];

async function initialised(test: TestContext, root: string): Promise<{ file: string; text: string; folder: string }> {
  const folder = await temporaryFolder(test);
  const file = join(folder, 'own.yaml');
  assertEnded(await runCommandLine(['init', root, '--output', file]), 0);
  return { folder, file, text: await readFile(file, 'utf8') };
}

describe('volbias init', () => {
  for (const [kind, modalities, make] of layouts) {
    it(`writes a config that plan and validate accept, for the layout ${kind}`, async (test) => {
      const root = await temporaryFolder(test);
      await make(root);
      const { folder, file, text } = await initialised(test, root);
      const [dataSet] = configOf(file, text).dataSets;
      assert.equal(dataSet?.kind, kind);
      assert.deepEqual(dataSet.modalities, modalities);
      assert.equal(dataSet.preprocessing.crop, 'auto');
      // 31 to 36 voxels of 2 mm, 40 of 2 mm and 20 of 3 mm are 31 to 36, 40 and 30 voxels of 2 mm; pictures stay as they are.
      const crop = dataSet.modalities.length === 1 ? '54 × 54' : '54 × 54 × 54';
      assert.match(text, new RegExp(`^ +crop: auto # ${crop} now: `, 'm'));
      const content = await readSweepContentFor(file);
      assert.equal(content.config.dataSets[0]?.preprocessing.crop.join(' × '), crop);
      const validated = await runCommandLine(['validate', file, '--data-dir', join(folder, 'data')]);
      assertEnded(validated, 0);
      assert.match(validated.output, /0 errors and .* in 6 cases/);
      assertEnded(await runCommandLine(['plan', file, '--data-dir', join(folder, 'data')]), 0);
    });
  }

  it('says in comments what it found in the sample', async (test) => {
    const { text, file } = await initialised(test, hippocampusFolder);
    // Sizes by `volbias inspect` of the ten images; voxels of 1 mm, so at 2 mm they are at most 20 × 28 × 22.
    assert.match(
      text,
      /^# Found 10 cases of 10 participants: 3D images of\n# 32 to 39 × 41 to 56 × 26 to 43 voxels of 1 × 1 × 1 mm\.$/m,
    );
    assert.match(
      text,
      /# Values of 10 masks: 0 \(576436 voxels in 10 masks\), 1 \(17308 voxels in 10 masks\), 2 \(15461 voxels in 10 masks\)$/m,
    );
    assert.match(text, /^ +crop: auto # 27 × 54 × 27 now: /m);
    assert.equal(configOf(file, text).dataSets[0]?.preprocessing.crop, 'auto');
  });

  it("selects the labels of nnU-Net's dataset.json, and not what it calls ignore", async (test) => {
    const root = await temporaryFolder(test);
    await layouts.find(([kind]) => kind === 'nnunet')?.[2](root);
    const labels = { background: 0, t: 1, ignore: 2 };
    await put(root, 'dataset.json', JSON.stringify({ channel_names: { 0: 'T1', 1: 'T2' }, labels }));
    const { folder, file, text } = await initialised(test, root);
    assert.match(text, /^ +equals: 1 # what dataset\.json labels; 2 is its "ignore" and counts as outside$/m);
    assert.deepEqual(configOf(file, text).dataSets[0]?.label, { equals: 1, resampling: 'volumePreserving' });
    assertEnded(await runCommandLine(['validate', file, '--data-dir', join(folder, 'data')]), 0);
  });

  it('leaves out a modality that some cases lack, and says so; counts whom participants.tsv lists', async (test) => {
    const root = await temporaryFolder(test);
    await layouts.find(([kind]) => kind === 'bids')?.[2](root);
    const { text } = await initialised(test, root);
    assert.match(text, /^ +# T2w: only 1 of 6 cases has it, so it is left out$/m);
    assert.match(text, /6 participants \(participants\.tsv lists 6\)/);
  });

  it('has fewer folds where there are few participants', async (test) => {
    const root = await temporaryFolder(test);
    await layouts.find(([kind]) => kind === 'manifest')?.[2](root);
    const { file, text } = await initialised(test, root);
    assert.equal(configOf(file, text).split.folds, 3, 'two would leave one participant for training');
  });

  it('names the config by the folder, and never replaces a file', async (test) => {
    const folder = await temporaryFolder(test);
    await mkdir(join(folder, 'Task_07 Tiny'));
    await layouts.find(([kind]) => kind === 'folder2d')?.[2](join(folder, 'Task_07 Tiny'));
    assertEnded(await runCommandLine(['init', 'Task_07 Tiny'], { cwd: folder }), 0);
    const file = join(folder, 'task-07-tiny.yaml');
    const before = await readFile(file, 'utf8');
    assert.equal(configOf(file, before).dataSets[0]?.path, 'Task_07 Tiny');
    await writeFile(file, `${before}# mine\n`);
    const again = await runCommandLine(['init', 'Task_07 Tiny'], { cwd: folder });
    assertEnded(again, 2);
    assert.match(again.errors, /task-07-tiny\.yaml exists and is not replaced; choose another file with --output/);
    assert.equal(await readFile(file, 'utf8'), `${before}# mine\n`);
  });

  it('lists what layouts look like, and what it found instead', async (test) => {
    const root = await temporaryFolder(test);
    await put(root, 'scans/a.dcm', 'x');
    await put(root, 'IM0001.dcm', 'x');
    const result = await runCommandLine(['init', root, '--output', join(root, 'own.yaml')]);
    assertEnded(result, 2);
    assert.match(result.errors, /its layout is not known\. It contains:\n {2}IM0001\.dcm\n {2}scans\/\n/);
    for (const [kind] of [...layouts, ['decathlon']]) assert.match(result.errors, new RegExp(`^ {2}${kind}: `, 'm'));
    assert.match(result.errors, /dcm2niix/);
  });

  it('says what each case lacks if none can be used', async (test) => {
    const root = await temporaryFolder(test);
    await put(root, 'images/a.png', await picture(30, 54, false));
    await put(root, 'masks/b.png', await picture(30, 54, true));
    const result = await runCommandLine(['init', root, '--output', join(root, 'own.yaml')]);
    assertEnded(result, 2);
    assert.match(result.errors, /it looks like folder2d .*no case can be used:\n {2}a: missing: masks\/a\.png/);
  });
});

describe('volbias config schema --write', () => {
  it('puts beside a config the schema that its first line names', async (test) => {
    const root = await temporaryFolder(test);
    await layouts.find(([kind]) => kind === 'folder2d')?.[2](root);
    const { folder, file, text } = await initialised(test, root);
    assertEnded(await runCommandLine(['config', 'schema', '--write', file]), 0);
    const named = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text)?.[1] ?? '';
    const printed = await runCommandLine(['config', 'schema']);
    assert.deepEqual(JSON.parse(await readFile(join(folder, named), 'utf8')), JSON.parse(printed.output));
  });
});
