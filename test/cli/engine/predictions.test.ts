import assert from 'node:assert/strict';
import { mkdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { parse } from 'csv-parse/sync';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { readOneImage } from '../../../storage/images/image-files.js';
import { readPicture } from '../../../storage/images/picture-files.js';
import { assertEnded, onFolder, runCommandLine } from '../../support/command-line.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { filesBelow, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('predictions');
const folder = join(root, 'data');

/** Other than the 2 mm of the prepared images. */
const grid = gridOf([12, 11, 5], [1.5, 1.5, 3]);

/** Two cases of one participant and three of others, with a bright block. */
const participants: Readonly<Record<string, string>> = { 'a-1': 'anna', 'a-2': 'anna', b: 'b', c: 'c', d: 'd' };

async function writeCases(data: string): Promise<void> {
  for (const name of ['imagesTr', 'labelsTr']) await mkdir(join(data, name), { recursive: true });
  for (const [index, id] of Object.keys(participants).entries()) {
    const mask = Uint8Array.from({ length: 660 }, (_, voxel) => (voxel % 12 > 3 && voxel % 12 < 8 + index ? 1 : 0));
    const image = Float32Array.from(mask, (inside, voxel) => 3 * inside + ((7 * voxel) % 11) / 11);
    await writeFile(join(data, 'imagesTr', `${id}_0000.nii`), encodeNifti({ grid, values: image }));
    await writeFile(join(data, 'labelsTr', `${id}.nii`), encodeNifti({ grid, values: mask }));
  }
  const lines = Object.entries(participants).map(([id, participant]) => `${id},${participant}`);
  await writeFile(join(data, '..', 'participants.csv'), ['case,participant', ...lines, ''].join('\n'));
}

async function linesOf(file: string, delimiter = ','): Promise<Record<string, string>[]> {
  return parse(await readFile(file, 'utf8'), { columns: true, delimiter });
}

const sumOf = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0);

describe('the predictions of a sweep', { skip, concurrency: 1 }, () => {
  let report: string;
  let sweep: string;
  let written: Map<string, number>;

  const timesOf = async (): Promise<Map<string, number>> => {
    const files = await filesBelow(join(report, 'predictions'));
    return new Map(await Promise.all(files.map(async (file) => [file, (await stat(file)).mtimeMs] as const)));
  };

  before(async () => {
    await writeCases(join(root, 'cases'));
    const preprocessing = { crop: [9, 9, 9], spacingMm: 2 };
    const dataSet = { kind: 'nnunet', path: join(root, 'cases'), modalities: ['T1'], preprocessing };
    const config = {
      ...tinyConfig({
        name: 'asked',
        models: ['lr'],
        dataSet: { ...dataSet, participants: join(root, 'participants.csv') },
      }),
      outputs: { predictions: 'all' },
    };
    assertEnded(await runCommandLine(onFolder('run', await writeConfig(root, config), folder)), 0);
    sweep = await sweepIdOf(folder, 'asked');
    report = join(folder, 'sweeps', sweep, 'report');
    written = await timesOf();
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('are BIDS derivatives on the grid of the original mask, with the volumes that the tables have', async () => {
    const data = join(report, 'predictions', 'flat');
    const description = JSON.parse(await readFile(join(data, 'dataset_description.json'), 'utf8')) as object;
    assert.ok('DatasetType' in description && description.DatasetType === 'derivative' && 'BIDSVersion' in description);
    const listed = await linesOf(join(data, 'predictions.tsv'), '\t');
    const measured = await linesOf(join(report, 'cases.csv'));
    assert.deepEqual([listed.length, measured.length], [10, 10]);
    const original = await readOneImage(join(root, 'cases', 'labelsTr', 'b.nii'));
    for (const line of listed) {
      const row = measured.find(
        (one) => one.caseId === line.case && one.model === line.model && one.loss === line.loss,
      );
      const map = await readOneImage(join(data, line.probability ?? ''));
      const mask = await readOneImage(join(data, line.mask ?? ''));
      for (const image of [map, mask]) assert.deepEqual(image.grid, original.grid);
      const voxelMl = (1.5 * 1.5 * 3) / 1000;
      const volume = voxelMl * sumOf(map.values);
      assert.ok(
        Math.abs(volume - Number(row?.predictedVolume)) < 1e-6 * volume,
        `${volume} and ${row?.predictedVolume}`,
      );
      const masked = voxelMl * sumOf(mask.values);
      assert.ok(Math.abs(masked - Number(row?.predictedVolumeThresholded)) < 1e-12);
    }
    const ofAnna = listed.find((line) => line.case === 'a-2' && line.loss === 'sd');
    assert.equal(ofAnna?.probability, 'sub-anna/ses-a2/anat/sub-anna_ses-a2_desc-lrSd_probseg.nii.gz');
    assert.equal(listed.find((line) => line.case === 'b')?.mask, 'sub-b/anat/sub-b_desc-lrCe_mask.nii.gz');
  });

  it('are not written twice, but again where one is missing', async () => {
    const again = await runCommandLine(['report', sweep, '--data-dir', folder]);
    assertEnded(again, 0);
    assert.match(again.output, /^Predictions: .*predictions$/m);
    const unlike = [...(await timesOf())].filter(([file, time]) => written.get(file) !== time).map(([file]) => file);
    assert.ok(
      unlike.every((file) => /(predictions\.tsv|dataset_description\.json)$/.test(file)),
      unlike.join(),
    );
    const lost = [...written.keys()].find((file) => file.endsWith('_probseg.json')) ?? '';
    const bytes = await readFile(lost);
    await unlink(lost);
    assertEnded(await runCommandLine(['report', sweep, '--data-dir', folder]), 0);
    assert.deepEqual(await readFile(lost), bytes);
  });

  it('are written later for pictures too, if "volbias report" is told so', async () => {
    const config = await writeConfig(root, tinyConfig({ name: 'plain', models: ['lr'], losses: ['ce'] }));
    const elsewhere = join(root, 'pictures');
    assertEnded(await runCommandLine(onFolder('run', config, elsewhere)), 0);
    const id = await sweepIdOf(elsewhere, 'plain');
    const folderOf = join(elsewhere, 'sweeps', id, 'report');
    assert.deepEqual(await filesBelow(join(folderOf, 'predictions')), []);
    assertEnded(await runCommandLine(['report', id, '--predictions', '--data-dir', elsewhere]), 0);
    const [line] = await linesOf(join(folderOf, 'predictions', 'flat', 'predictions.tsv'), '\t');
    const stem = join(folderOf, 'predictions', 'flat', (line?.probability ?? '').replace('.nii.gz', ''));
    const map = await readOneImage(`${stem}.nii.gz`);
    const picture = await readPicture(`${stem}.png`);
    assert.deepEqual([picture.width, picture.height, picture.bits], [27, 27, 16]);
    for (const [index, value] of Array.from(map.values).entries()) {
      assert.ok(Math.abs((picture.values[index] ?? NaN) / 65_535 - value) < 1e-5);
    }
  });
});
