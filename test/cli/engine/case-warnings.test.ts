import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { assertEnded, onFolder, runCommandLine, type CommandLineResult } from '../../support/command-line.js';
import { writeMaskedCases } from '../../support/data/masked-cases.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('case-warnings');
const folder = join(root, 'kept');

/** What `run` and `plan` say of the data set; cases are listed by id. */
const lines = [
  'its mask is empty (e)',
  'T1 is 7 at every voxel, so it contains no information (b)',
  'the masks of 2 cases are identical (a, copy)',
  'ids that look alike: "A", "a"',
];

async function recordsOfNotes(): Promise<number> {
  const log = await readFile(join(folder, 'lineage.jsonl'), 'utf8');
  return log.split('\n').filter((line) => line.includes('preprocess warnings of one case')).length;
}

describe('odd cases that can be used', { skip, concurrency: 1 }, () => {
  let config: string;
  let run: CommandLineResult;
  before(async () => {
    const data = join(root, 'data');
    const structures = { a: 5, A: 6, b: 7, copy: 5, d: 8, e: 0 };
    await writeMaskedCases(
      data,
      Object.fromEntries(Object.entries(structures).map(([id, count]) => [id, { 1: count }])),
    );
    const grid = gridOf([6, 6, 6], [2, 2, 2]);
    await writeFile(join(data, 'imagesTr', 'b_0000.nii'), encodeNifti({ grid, values: new Float32Array(216).fill(7) }));
    const dataSet = { kind: 'nnunet', path: data, modalities: ['T1'], preprocessing: { crop: [6, 6, 6] } };
    config = await writeConfig(
      root,
      tinyConfig({ models: ['lr'], losses: ['ce'], training: { maxEpochs: 1 }, dataSet }),
    );
    run = await runCommandLine(onFolder('run', config, folder));
    assertEnded(run, 0);
  });
  after(() => {
    killProcessesOf(root);
  });

  it('are named by run, by plan and by the report, as validate does', async () => {
    const plan = await runCommandLine(onFolder('plan', config, folder));
    const report = join(folder, 'sweeps', await sweepIdOf(folder, 'tiny'), 'report', 'report.html');
    const page = (await readFile(report, 'utf8')).replaceAll('&quot;', '"');
    const validate = await runCommandLine(onFolder('validate', config, folder));
    for (const line of lines) {
      assert.ok(run.errors.includes(`statistics flat warning: ${line}`), line);
      assert.ok(validate.output.includes(line.replace(/ \([eb]\)$/, '')), line);
      if (line.startsWith('its mask is empty')) continue; // a section of the report of its own
      assert.ok(plan.output.includes(`flat: ${line}`), line);
      assert.ok(page.includes(line), line);
    }
  });

  it('are known again where another run finds the prepared cases in the store', async () => {
    const before = await recordsOfNotes();
    assert.equal(before, 6);
    await writeMaskedCases(join(root, 'data'), { f: { 1: 20 } });
    const again = await runCommandLine(onFolder('run', config, folder));
    assertEnded(again, 0);
    assert.ok(again.errors.includes(lines[1] ?? ''), again.errors);
    assert.equal(await recordsOfNotes(), before + 1);
  });
});
