import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { parse } from 'csv-parse/sync';

import { assertEnded, onFolder, runCommandLine, type CommandLineResult } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('cut-off');
const folder = join(root, 'data');
const phantom = {
  ...{ dimensions: 2, cases: 6, shape: [27, 27], coreRadius: 5 },
  ...{ regions: 2, regionRadius: 3, probability: 0.6 },
};

describe('a crop that cuts off part of the structures', { skip, concurrency: 1 }, () => {
  let config: string;
  let run: CommandLineResult;

  before(async () => {
    const dataSet = { phantom, preprocessing: { crop: [12, 12] } };
    config = await writeConfig(root, tinyConfig({ name: 'cut', models: ['lr'], dataSet }));
    run = await runCommandLine(onFolder('run', config, folder));
    assertEnded(run, 0);
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('is a warning of run as soon as the cases are prepared, of plan and of validate, with its share and the remedy', async () => {
    const warning =
      /networks cannot see (\d+) % of the structures' volume \(\1 % outside the crop\), which ΔV leaves out; a larger preprocessing\.crop would hold it/;
    assert.match(run.errors, new RegExp(`statistics flat warning: ${warning.source}`));
    const plan = await runCommandLine(onFolder('plan', config, folder));
    assert.match(plan.output, new RegExp(`\nflat: ${warning.source}`));
    const validate = await runCommandLine(onFolder('validate', config, folder, '--json'));
    assertEnded(validate, 0);
    const { findings } = JSON.parse(validate.output) as { findings: { case?: string; message: string }[] };
    const ofDataSet = findings.filter((finding) => finding.case === undefined).map(({ message }) => message);
    assert.ok(ofDataSet.some((message) => warning.test(message)));
    const [, share] = warning.exec(plan.output) ?? [];
    assert.ok(Number(share) > 20 && Number(share) < 80, share);
  });

  it('is no error of the networks: ΔV compares with the rest, and Table 1 and the card say what is cut off', async () => {
    const report = join(folder, 'sweeps', await sweepIdOf(folder, 'cut'), 'report');
    const rows = parse(await readFile(join(report, 'cases.csv'), 'utf8'), { columns: true });
    assert.equal(rows.length, 12);
    for (const row of rows as Record<string, string>[]) {
      const number = (name: string): number => Number(row[name]);
      assert.ok(number('unpredictableVolume') > 0.1 * number('truthVolume'));
      const reachable = number('truthVolume') - number('unpredictableVolume');
      assert.equal(number('volumeError'), number('predictedVolume') - reachable);
      // Without a region of interest, both grids are the same.
      assert.ok(Math.abs(number('otherVolumeError') - number('volumeError')) < 1e-12);
    }
    assert.match(run.output, /cut off \(10² px\) +\d\.\d+⚠/);
    const page = await readFile(join(report, 'report.html'), 'utf8');
    assert.match(page, /No network could see 0\.\d+.*of the true volume, which lies outside the crop/);
  });
});
