import assert from 'node:assert/strict';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { loadLayersModel } from '@tensorflow/tfjs-node-gpu';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { voxelCount } from '../../../domain/image/grid.js';
import type { ProcessNumerics } from '../../../learning/tensorflow/process-numerics.js';
import type { WorkRecord } from '../../../storage/store/work-records.js';
import { readOneImage } from '../../../storage/images/image-files.js';
import { assertEnded, onFolder, runCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { reportOf, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { openTestStore } from '../../support/sweeps/test-store.js';
import { writeConfig } from '../../support/sweeps/tiny-config.js';

interface Volumes {
  readonly volume: number;
  readonly maskVolume: number;
  readonly volumeOnPreparedGrid: number;
}

interface PredictedCase extends Volumes {
  readonly name: string;
  readonly unit: string;
  readonly folds: readonly (Volumes & { readonly fold: number })[];
  readonly deviation: number;
  readonly remarks: readonly string[];
  readonly probabilityFile: string;
  readonly maskFile: string;
}

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('predict');
const folder = join(root, 'data');

const solid = { dimensions: 3, cases: 6, shape: [30, 24, 9], spacingMm: [1, 1, 3] };
const flat = { dimensions: 2, cases: 6, shape: [60, 60] };
const structure = { coreRadius: 6, regions: 2, regionRadius: 5, probability: 0.6 };
const config = {
  name: 'predicted',
  seed: 3,
  dataSets: [
    {
      name: 'solid',
      kind: 'nnunet',
      modalities: ['T1', 'T2'],
      phantom: { ...solid, ...structure },
      preprocessing: { spacingMm: 2, align: 'toFirst', normalisation: { scope: 'training' }, crop: [12, 12, 12] },
    },
    {
      name: 'flat',
      kind: 'folder2d',
      modalities: ['grey'],
      phantom: { ...flat, ...structure },
      preprocessing: { roi: { sizePixels: 54, downsample: 2 }, normalisation: { scope: 'case' }, crop: [27, 27] },
    },
  ],
  split: { folds: 2 },
  arms: { models: ['convnet'], losses: ['ce'] },
  training: { maxEpochs: 3, learningRate: { lr: 0.5, convnet: 0.01, unet: 0.01 } },
  statistics: { resamples: 500 },
  numerics: { threads: 1 },
};

/** The folder of a phantom's images. */
async function phantomFolder(kind: 'imagesTr' | 'images'): Promise<string> {
  const phantoms = join(folder, 'phantoms');
  for (const name of await readdir(phantoms)) {
    if ((await readdir(join(phantoms, name))).includes(kind)) return join(phantoms, name, kind);
  }
  throw new Error(`no phantom has ${kind}`);
}

async function predicted(args: readonly string[]): Promise<PredictedCase[]> {
  const result = await runCommandLine(['predict', '--data-dir', folder, '--json', ...args]);
  assertEnded(result, 0);
  return (JSON.parse(result.output) as { cases: PredictedCase[] }).cases;
}

/** The volumes on both grids of the sweep's own evaluation, by case, with the fold that held the case out. */
async function evaluatedVolumes(sweep: string, dataSet: string): Promise<Map<string, Volumes & { fold: number }>> {
  const csv = (await reportOf(folder, sweep)).get('cases.csv')?.toString('utf8') ?? '';
  const [head = '', ...lines] = csv.trim().split('\n');
  const names = head.split(',');
  const column = (line: string, name: string): string => line.split(',')[names.indexOf(name)] ?? '';
  const rows = lines.filter((line) => column(line, 'dataSet') === dataSet);
  assert.ok(rows.length > 0 && rows.every((line) => column(line, 'grid') === 'native'));
  return new Map(
    rows.map((line) => [
      column(line, 'caseId'),
      {
        fold: Number(column(line, 'fold')),
        volume: Number(column(line, 'predictedVolume')),
        maskVolume: Number(column(line, 'predictedVolumeThresholded')),
        volumeOnPreparedGrid: Number(column(line, 'otherPredictedVolume')),
      },
    ]),
  );
}

describe('predict', { skip, concurrency: 1 }, () => {
  let sweep: string;
  let arm: string[];

  before(async () => {
    assertEnded(await runCommandLine(onFolder('run', await writeConfig(root, config), folder)), 0);
    sweep = await sweepIdOf(folder, 'predicted');
    arm = ['--sweep', sweep, '--arm', 'convnet/ce'];
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('measures a 3D case as the sweep did, with the network of the fold that held it out', async () => {
    const input = await phantomFolder('imagesTr');
    const cases = await predicted([...arm, '--data-set', 'solid', '--input', input, '--output', join(root, 'solid')]);
    const evaluated = await evaluatedVolumes(sweep, 'solid');
    assert.deepEqual(cases.map(({ name }) => name).sort(), [...evaluated.keys()].sort());
    for (const { name, folds, volume, deviation, unit } of cases) {
      const known = evaluated.get(name);
      assert.equal(unit, 'ml');
      const own = folds.find(({ fold }) => fold === known?.fold);
      assert.deepEqual(own, known, name);
      const [a, b] = folds.map((fold) => fold.volume) as [number, number];
      assert.ok(Math.abs(volume - (a + b) / 2) < 1e-5 * volume);
      assert.ok(Math.abs(deviation - Math.abs(a - b) / Math.SQRT2) < 1e-9);
    }
  });

  it('finds the peak memory and the times of its trainings in the lineage', async () => {
    const works = (await openTestStore(folder).lineage.read()).map(({ spec }) => spec as WorkRecord);
    const trainings = works.filter(({ step }) => step === 'train');
    assert.equal(trainings.length, 4);
    for (const { resources } of trainings) {
      const { peakMemoryBytes = NaN, seconds = NaN, processorSeconds = NaN } = resources ?? {};
      const isPlausible = peakMemoryBytes > 50e6 && peakMemoryBytes < 10e9 && seconds > 0 && processorSeconds > 0;
      assert.ok(isPlausible, JSON.stringify(resources));
    }
    assert.ok(works.every(({ step, resources }) => step !== 'split' || resources === undefined));
  });

  it('finds the processor, TensorFlow build and settings of its trainings in the lineage', async () => {
    const { lineage } = openTestStore(folder);
    const works = (await lineage.read()).map(({ spec }) => spec as WorkRecord);
    for (const { environment } of works.filter(({ step }) => step === 'train' || step === 'evaluate')) {
      const { processor, process: own } = environment as { processor: string; process: ProcessNumerics };
      assert.equal(processor, cpus()[0]?.model.trim());
      assert.equal(typeof own.gpu, 'boolean');
      const { TF_DETERMINISTIC_OPS, NVIDIA_TF32_OVERRIDE, TF_NUM_INTRAOP_THREADS } = own.settings;
      assert.deepEqual([TF_DETERMINISTIC_OPS, NVIDIA_TF32_OVERRIDE, TF_NUM_INTRAOP_THREADS], ['1', '0', '1']);
    }
    assert.ok(works.every(({ step, environment }) => step !== 'preprocess' || !('process' in (environment as object))));
  });

  it('writes the map and the mask on the grid of the input', async () => {
    const input = await phantomFolder('imagesTr');
    const name = 'phantom-0001';
    const files = ['0000', '0001'].map((channel) => join(input, `${name}_${channel}.nii.gz`)).join(',');
    const args = [...arm, '--data-set', 'solid', '--input', files, '--output', join(root, 'one')];
    const [one] = await predicted(args);
    assert.ok(one !== undefined);
    const original = await readOneImage(join(input, `${name}_0000.nii.gz`));
    const map = await readOneImage(one.probabilityFile);
    const mask = await readOneImage(one.maskFile);
    assert.deepEqual(map.grid, original.grid);
    assert.deepEqual(mask.grid, original.grid);
    assert.ok([...map.values].every((value) => value >= 0 && value <= 1));
    const probabilities = [...map.values];
    // The mask is that of the prepared grid, carried back. Each of its voxels has a part in a prepared one with ŷ > 0.5.
    assert.ok([...mask.values].every((value, i) => value === 0 || (value === 1 && (probabilities[i] ?? 0) > 0)));
    const maskVolume = [...mask.values].reduce((sum, value) => sum + value, 0) * 0.003;
    assert.ok(Math.abs(maskVolume - one.maskVolume) < 1e-9);
    const volume = probabilities.reduce((sum, value) => sum + value, 0) * 0.003;
    assert.ok(Math.abs(volume - one.volume) < 1e-6 * volume);
    // The crop lies within the original image, so nothing is lost on the way back.
    assert.ok(Math.abs(one.volumeOnPreparedGrid / one.volume - 1) < 1e-6, JSON.stringify(one));
  });

  it('prints volumes and their spread as a table, and says which modalities it interpolated', async () => {
    const first = join(await phantomFolder('imagesTr'), 'phantom-0001_0000.nii.gz');
    const { grid } = await readOneImage(first);
    // Two columns of 24×9 voxels less than the first.
    const shape = [grid.shape[0] - 2, grid.shape[1], grid.shape[2]] as const;
    const second = join(root, 'narrow.nii');
    await writeFile(second, encodeNifti({ grid: { ...grid, shape }, values: new Float32Array(voxelCount(shape)) }));
    const args = [...arm, '--data-set', 'solid', '--input', `${first},${second}`, '--output', join(root, 'aligned')];
    const remark =
      'T2 is interpolated onto the grid of the first modality; 432 voxels outside its field of view become 0';
    assert.deepEqual((await predicted(args))[0]?.remarks, [remark]);
    const result = await runCommandLine(['predict', '--data-dir', folder, ...args]);
    assertEnded(result, 0);
    assert.match(result.output, /volume \(ml\).*standard deviation over folds.*phantom-0001/s);
    assert.match(result.errors, new RegExp(`phantom-0001: ${remark}`));
  });

  it('predicts the same with exported networks, without the sweep', async () => {
    const exported = join(root, 'exported');
    const chosen = [...arm, '--data-set', 'solid'];
    assertEnded(await runCommandLine(['export', ...chosen, '--output', exported, '--data-dir', folder]), 0);
    const input = ['--input', await phantomFolder('imagesTr'), '--output', join(root, 'again')];
    assert.deepEqual(await predicted(['--model', exported, ...input]), await predicted([...chosen, ...input]));
    const model = await loadLayersModel(`file://${join(exported, 'fold-1.model.json')}`);
    assert.deepEqual(model.inputs[0]?.shape, [null, 12, 12, 12, 2]);
  });

  it('predicts a picture around the given centre, and requires one', async () => {
    const input = join(await phantomFolder('images'), 'phantom-0001.png');
    const args = [...arm, '--data-set', 'flat', '--input', input, '--output', join(root, 'flat')];
    const refused = await runCommandLine(['predict', '--data-dir', folder, ...args]);
    assertEnded(refused, 2);
    assert.match(refused.errors, /--centre/);
    const [one] = await predicted([...args, '--centre', '30,29']);
    assert.ok(one !== undefined);
    assert.equal(one.unit, 'hundredPixels');
    const map = await readOneImage(one.probabilityFile);
    assert.deepEqual(map.grid.shape, [60, 60, 1]);
    assert.ok(Math.abs(one.volumeOnPreparedGrid / one.volume - 1) < 1e-6, JSON.stringify(one));
    // Columns 3 to 56 and rows 2 to 55 are the region.
    map.values.forEach((value, index) => {
      const [x, y] = [index % 60, Math.floor(index / 60)];
      if (x < 3 || x > 56 || y < 2 || y > 55) assert.equal(value, 0, `${String(x)}, ${String(y)}`);
    });
  });

  it('reports what is missing', async () => {
    const input = ['--input', await phantomFolder('imagesTr'), '--output', join(root, 'none')];
    const refusals: [string[], RegExp][] = [
      [[], /expected --sweep and --arm, or --model/],
      [[...arm, '--model', root], /either --model/],
      [arm, /data sets .*--data-set/],
      [['--sweep', sweep, '--arm', 'unet/ce', '--data-set', 'solid'], /no trained networks for unet\/ce/],
      [['--sweep', sweep, '--arm', 'unet', '--data-set', 'solid'], /expected model\/loss/],
    ];
    for (const [args, message] of refusals) {
      const result = await runCommandLine(['predict', '--data-dir', folder, ...args, ...input]);
      assertEnded(result, 2);
      assert.match(result.errors, message);
    }
    const several = ['--data-set', 'solid', '--input', join(await phantomFolder('images'), 'phantom-0001.png')];
    const wrong = await runCommandLine(['predict', '--data-dir', folder, ...arm, ...several, '--output', root]);
    assertEnded(wrong, 2);
    assert.match(wrong.errors, /has 1 images, expected 2 \(T1, T2\)/);
  });
});
