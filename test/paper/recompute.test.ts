import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';

import { assertEnded, onFolder, runCommandLine } from '../support/command-line.js';
import { repositoryRoot } from '../support/paths.js';
import { killProcessesOf, processesCanBeFound } from '../support/processes.js';
import { pythonWith } from '../support/python.js';
import { sweepIdOf } from '../support/sweeps/sweep-folders.js';
import { tinyConfig, writeConfig } from '../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';

const python = pythonWith('numpy', 'scipy', 'nibabel', 'PIL');
const skip =
  python === undefined
    ? 'no Python with numpy, scipy, nibabel and pillow (VOLBIAS_TEST_PYTHON names one)'
    : processesCanBeFound
      ? false
      : 'there is no /proc to find processes in';
const script = join(repositoryRoot, 'test', 'paper', 'recompute.py');
const root = temporaryFolderOfFile('recompute');
const folder = join(root, 'data');

const phantom = { regions: 2, probability: 0.5, cases: 7 };
const dataSets = [
  {
    name: 'thick',
    kind: 'nnunet',
    modalities: ['T1', 'T2'],
    phantom: { ...phantom, dimensions: 3, shape: [29, 27, 8], spacingMm: [1, 1, 4], coreRadius: 7, regionRadius: 3.5 },
    // Smaller than the prepared image, so that parts of some structures cannot be predicted.
    preprocessing: { spacingMm: 2, crop: [12, 12, 12] },
  },
  {
    name: 'flat',
    kind: 'folder2d',
    modalities: ['grey'],
    label: { resampling: 'soft' },
    phantom: { ...phantom, dimensions: 2, shape: [41, 37], coreRadius: 6, regionRadius: 3 },
    preprocessing: { roi: { sizePixels: 36, downsample: 3 }, crop: [12, 12] },
  },
];

const native = { ...tinyConfig({ name: 'native', models: ['lr'] }), dataSets };
const working = {
  ...native,
  name: 'working',
  evaluation: { grid: 'working', thresholdsMl: [1, 1.5] },
  statistics: { resamples: 500, decides: 'conditional', interval: 'bca', correction: 'holm' },
};

async function recompute(sweep: string, ...more: readonly string[]): Promise<{ code: number | null; output: string }> {
  const id = await sweepIdOf(folder, sweep);
  const args = ['-B', script, id, '--data-dir', folder, ...more];
  const { status, stdout, stderr } = spawnSync(python ?? '', args, { encoding: 'utf8' });
  return { code: status, output: `${stdout}${stderr}` };
}

describe('a report, recomputed in Python from probability maps and original masks', { skip, concurrency: 1 }, () => {
  before(async () => {
    for (const config of [native, working]) {
      assertEnded(await runCommandLine(onFolder('run', await writeConfig(root, config), folder)), 0);
    }
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  for (const name of ['native', 'working']) {
    it(`agrees in every number if cases are measured on the ${name} grid`, async () => {
      const { code, output } = await recompute(name);
      // 7 cases in 2 data sets and 2 arms; in each data set 4 tests of volume errors and 5 of pairs.
      assert.match(output, /recomputed \d{4} values of 28 predictions and 18 tests; all agree to 1e-9\n$/);
      assert.equal(code, 0);
    });
  }

  it('differs where a number of the report was changed by a millionth', async () => {
    const report = join(root, 'changed-report');
    await cp(join(folder, 'sweeps', await sweepIdOf(folder, 'native'), 'report'), report, { recursive: true });
    const path = join(report, 'cases.csv');
    const [header = '', first = '', ...rest] = (await readFile(path, 'utf8')).split('\n');
    const column = header.split(',').indexOf('predictedVolume');
    const changed = first.split(',').map((value, index) => (index === column ? Number(value) * (1 + 1e-6) : value));
    await writeFile(path, [header, changed.join(','), ...rest].join('\n'));
    const { code, output } = await recompute('native', '--report', report);
    assert.match(output, /^cases\.csv, .*, predictedVolume: reported .*, recomputed .*\n.*; 1 differ\n$/);
    assert.equal(code, 1);
  });

  it('differs where a test of significance.csv was changed', async () => {
    const report = join(root, 'changed-significance');
    await cp(join(folder, 'sweeps', await sweepIdOf(folder, 'native'), 'report'), report, { recursive: true });
    const path = join(report, 'significance.csv');
    const [header = '', ...lines] = (await readFile(path, 'utf8')).split('\n');
    const against0 = lines.findIndex((line) => line.startsWith('thick,volumeError,'));
    const names = header.split(',');
    const nudged = ['estimate', 'conditional_p', 'equivalence_low'].map((name) => names.indexOf(name));
    const verdict = names.indexOf('significant');
    const changed = lines[against0]?.split(',').map((value, index) => {
      if (index === verdict) return value === 'yes' ? 'no' : 'yes';
      return nudged.includes(index) ? Number(value) * (1 + 1e-6) : value;
    });
    await writeFile(path, [header, ...lines.with(against0, changed?.join(',') ?? '')].join('\n'));
    const { output } = await recompute('native', '--report', report);
    assert.match(output, /^(significance\.csv, thick\/lr\/volumeError\/ce, \w+: reported .*\n){4}.*; 4 differ\n$/);
  });

  it('differs where the agreement or a tercile was changed by a millionth, or a case at a threshold', async () => {
    const report = join(root, 'changed-agreement');
    await cp(join(folder, 'sweeps', await sweepIdOf(folder, 'working'), 'report'), report, { recursive: true });
    const path = join(report, 'table1.json');
    const text = await readFile(path, 'utf8');
    const nudged = (pattern: RegExp, part: string): string =>
      part.replace(pattern, (_, before: string, number: string) => `${before}${Number(number) * (1 + 1e-6)}`);
    const changed = [
      /("slope":\{"interval":\[[^\]]*\],"value":)([-\d.e]+)/,
      /("upperLimit":\{"interval":\[[^,]*,)([-\d.e]+)/,
      /("terciles":\[\{"cases":\d+,"meanVolumeError":)([-\d.e]+)/,
    ].reduce((part, pattern) => nudged(pattern, part), text);
    await writeFile(
      path,
      changed.replace(/"truthAbove":(\d+)/, (_, count: string) => `"truthAbove":${Number(count) + 1}`),
    );
    const { output } = await recompute('working', '--report', report);
    for (const name of [
      'slope, value',
      'agreement, upperLimit, interval',
      'terciles, meanVolumeError',
      'crossings, truthAbove',
    ])
      assert.match(output, new RegExp(`^table1\\.json, thick/lr/ce, ${name}: reported`, 'm'));
    assert.match(output, /; 4 differ\n$/);
  });

  it('differs in volumes, means and tests where a voxel of a mask was changed', async () => {
    const copy = join(root, 'changed-masks');
    await cp(await folderOf('thick'), copy, { recursive: true });
    const path = join(copy, 'labelsTr', 'phantom-0001.nii.gz');
    const bytes = gunzipSync(await readFile(path));
    // In the middle, which networks see.
    const voxel = bytes.readFloatLE(108) + 14 + 29 * (13 + 27 * 4); // vox_offset; x + width · (y + height · z)
    bytes[voxel] = 1 - (bytes[voxel] ?? NaN);
    await writeFile(path, gzipSync(bytes));
    const { code, output } = await recompute('native', '--path', `thick=${copy}`);
    assert.match(output, /^thick\/phantom-0001, SHA-256 of the mask: /m);
    assert.match(output, /^cases\.csv, thick\/lr\/ce\/phantom-0001, truthVolume: /m);
    assert.match(output, /^quality\.csv, thick\/phantom-0001, volume_before: /m);
    assert.match(output, /^table1\.csv, thick\/lr\/ce, volumeError, including_training_p: /m);
    assert.doesNotMatch(output, /phantom-0002|flat/);
    assert.equal(code, 1);
  });
});

/** Where the sweep's record says that a data set is. */
async function folderOf(dataSet: string): Promise<string> {
  const id = await sweepIdOf(folder, 'native');
  const record = JSON.parse(await readFile(join(folder, 'sweeps', id, 'sweep.json'), 'utf8')) as {
    readonly locations: Readonly<Record<string, { readonly root: string }>>;
  };
  return record.locations[dataSet]?.root ?? '';
}
