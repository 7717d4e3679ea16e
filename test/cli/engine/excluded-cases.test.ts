import assert from 'node:assert/strict';
import { readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { assertEnded, onFolder, runCommandLine } from '../../support/command-line.js';
import { writeMaskedCases } from '../../support/data/masked-cases.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('excluded');
const folder = join(root, 'kept');
after(() => {
  killProcessesOf(root);
});

interface WithExcluded {
  readonly excluded: readonly { readonly dataSet: string; readonly case: string; readonly reason: string }[];
}

describe('a sweep that leaves faulty cases out', { skip }, () => {
  it('names them in what run and status print, and in the report', async () => {
    const data = join(root, 'data');
    await writeMaskedCases(
      data,
      Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((id, index) => [id, { 1: 5 + index }])),
    );
    await truncate(join(data, 'imagesTr', 'c_0000.nii'), 700);
    const dataSet = {
      ...{ kind: 'nnunet', path: data, modalities: ['T1'], preprocessing: { crop: [6, 6, 6] } },
      onInvalidCase: 'exclude',
    };
    const tiny = tinyConfig({ models: ['lr'], losses: ['ce'], training: { maxEpochs: 1 }, dataSet });
    const config = await writeConfig(root, tiny);
    const line = /^EXCLUDED flat, case "c": imagesTr\/c_0000\.nii: the header declares 1216 bytes, but .*$/m;
    const run = await runCommandLine(onFolder('run', config, folder));
    assertEnded(run, 0);
    assert.match(run.output, line);
    const sweep = await sweepIdOf(folder, 'tiny');
    assert.match((await runCommandLine(['status', sweep, '--data-dir', folder])).output, line);
    const shown = await runCommandLine(['status', sweep, '--data-dir', folder, '--json']);
    const { excluded } = JSON.parse(shown.output) as WithExcluded;
    assert.deepEqual(
      excluded.map((one) => [one.dataSet, one.case]),
      [['flat', 'c']],
    );
    const again = await runCommandLine(onFolder('run', config, folder, '--json'));
    assert.deepEqual((JSON.parse(again.output) as WithExcluded).excluded, excluded);
    const page = await readFile(join(folder, 'sweeps', sweep, 'report', 'report.html'), 'utf8');
    assert.match(page, /1 of 5 cases excluded/);
  });
});
