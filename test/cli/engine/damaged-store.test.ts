import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { evaluate } from '../../../steps/evaluate.js';
import { summaryOf } from '../../../steps/step-inputs.js';
import { readSweepRecord } from '../../../storage/sweeps/sweep-records.js';
import { readRecordedWork } from '../../../storage/store/work-records.js';
import { assertEnded, onFolder, runCommandLine } from '../../support/command-line.js';
import { flipBit } from '../../support/damage.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { artifactsOf, filesBelow, reportOf, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { objectPath, openTestStore } from '../../support/sweeps/test-store.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('damaged-store');
const { folder, store, lineage } = openTestStore(join(root, 'data'));

/** Deletes the records of a step and of all later steps, so that a run needs the results before them. */
async function forget(steps: readonly string[]): Promise<void> {
  for (const { step, key } of await readRecordedWork(lineage)) {
    if (steps.includes(step)) await rm(join(folder.index, key.slice(0, 2), `${key}.json`), { force: true });
  }
}

describe('a data folder with a damaged file', { skip, concurrency: 1 }, () => {
  let config: string;
  let expected: Map<string, string>;

  before(async () => {
    config = await writeConfig(root, tinyConfig({ models: ['lr'], losses: ['ce'] }));
    assertEnded(await runCommandLine(onFolder('run', config, folder.root)), 0);
    expected = await artifactsOf(folder.root);
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('is repaired by the run that finds it: the file is quarantined, recomputed and reported', async () => {
    const prepared = (await readRecordedWork(lineage)).find(({ unit }) => unit === 'preprocess one case');
    const { files } = await store.manifest(prepared?.digest ?? '');
    const images = files['images.nii']?.digest ?? '';
    await flipBit(objectPath(folder, images), 400);
    await forget(['train', 'evaluate', 'join', 'compare', 'report']);

    const result = await runCommandLine(onFolder('run', config, folder.root));
    assertEnded(result, 0);
    assert.match(result.output, /computed again: preprocess flat\/shard-0\./);
    assert.match(result.output, /Corrupt files are in .*quarantine/);
    const [kept = '', ...others] = await filesBelow(folder.quarantine);
    assert.ok(basename(kept).startsWith(images) && others.length === 0);
    assert.deepEqual(await artifactsOf(folder.root), expected);
    assert.ok((await store.readBlob(images)).length > 0);
  });

  it('is repaired by the run that finds the report itself damaged', async () => {
    const report = (await readRecordedWork(lineage)).findLast(({ step }) => step === 'report');
    const { files } = await store.manifest(report?.digest ?? '');
    await flipBit(objectPath(folder, files['cases.csv']?.digest ?? ''), 40);
    const result = await runCommandLine(onFolder('run', config, folder.root));
    assertEnded(result, 0);
    assert.match(result.errors, /is damaged: .*; computing it again/);
    assert.match(result.output, /Computed 1 unit/);
    assert.deepEqual(await artifactsOf(folder.root), expected);
  });

  it('is repaired by the report that draws a damaged prediction: its evaluation is computed again', async () => {
    const page =
      (await reportOf(folder.root, await sweepIdOf(folder.root, 'tiny'))).get('report.html')?.toString() ?? '';
    const [, drawn = ''] = /aria-label="case (phantom-\d+): probability/.exec(page) ?? [];
    const works = (await readRecordedWork(lineage)).filter(({ step }) => step === 'evaluate');
    // Each once: some have been computed again.
    for (const digest of new Set(works.map((work) => work.digest))) {
      const { files, summary } = await store.manifest(digest);
      const { predictions } = summaryOf(evaluate, summary, 'an evaluation');
      const file = predictions.find(({ caseId }) => caseId === drawn)?.file;
      if (file !== undefined) await flipBit(objectPath(folder, files[file]?.digest ?? ''), 200);
    }
    await forget(['report']);
    const result = await runCommandLine(onFolder('run', config, folder.root));
    assertEnded(result, 0);
    assert.match(result.output, /computed again: evaluate flat\/lr\/ce\/fold-\d\./);
    assert.deepEqual(await artifactsOf(folder.root), expected);
  });

  it('does not stop a run if the record of an earlier failure cannot be deleted', async () => {
    await rm(folder.failures, { recursive: true, force: true });
    await writeFile(folder.failures, 'not a folder');
    await forget(['evaluate', 'join', 'compare', 'report']);
    assertEnded(await runCommandLine(onFolder('run', config, folder.root)), 0);
    await rm(folder.failures);
    assert.deepEqual(await artifactsOf(folder.root), expected);
  });

  it('is repaired if a record has been replaced by that of other work', async () => {
    const trainings = (await readRecordedWork(lineage)).filter(({ step }) => step === 'train');
    const [first = '', second = ''] = [...new Set(trainings.map(({ key }) => key))].map((key) =>
      join(folder.index, key.slice(0, 2), `${key}.json`),
    );
    await copyFile(first, second);
    await forget(['evaluate', 'join', 'compare', 'report']);
    assertEnded(await runCommandLine(onFolder('run', config, folder.root)), 0);
    assert.deepEqual(await artifactsOf(folder.root), expected);
  });

  it('is repaired if a record names a result of another form', async () => {
    const works = await readRecordedWork(lineage);
    const split = works.find(({ step }) => step === 'split');
    const trained = works.find(({ step }) => step === 'train');
    const record = join(folder.index, split?.key.slice(0, 2) ?? '', `${split?.key ?? ''}.json`);
    await writeFile(record, JSON.stringify({ step: 'split', key: split?.key, digest: trained?.digest }));
    const result = await runCommandLine(onFolder('run', config, folder.root));
    assertEnded(result, 0);
    assert.match(result.output, /computed again: split flat\./);
    assert.deepEqual(await artifactsOf(folder.root), expected);
  });

  it('says how to restore a damaged specification or result, and is restored by that', async () => {
    const sweep = await sweepIdOf(folder.root, 'tiny');
    const { specification } = await readSweepRecord(folder, sweep);
    await flipBit(objectPath(folder, specification), 30);
    const rerun = await runCommandLine([...onFolder('rerun', sweep, folder.root), '--failed']);
    assertEnded(rerun, 3);
    assert.match(rerun.errors, /^volbias: object .* is damaged: .*; run the sweep's config again to restore/m);
    await writeFile(join(folder.sweeps, sweep, 'result.json'), '{');
    const status = await runCommandLine(onFolder('status', sweep, folder.root));
    assertEnded(status, 3);
    assert.match(
      status.errors,
      /^volbias: .*result\.json is damaged, .*; run the sweep's config again to restore it$/m,
    );
    const list = await runCommandLine(['status', '--data-dir', folder.root]);
    assertEnded(list, 0);
    assert.match(list.output, /damaged/);
    assertEnded(await runCommandLine(onFolder('run', config, folder.root)), 0);
    assertEnded(await runCommandLine(onFolder('status', sweep, folder.root)), 0);
    assert.ok((await store.readBlob(specification)).length > 0);
  });

  it('is repaired if an object has been replaced by a folder', async () => {
    const trained = (await readRecordedWork(lineage)).find(({ step }) => step === 'train');
    const path = objectPath(folder, trained?.digest ?? '');
    await rm(path);
    await mkdir(path);
    assertEnded(await runCommandLine(onFolder('run', config, folder.root)), 0);
    assert.deepEqual(await artifactsOf(folder.root), expected);
  });

  it('reports how to repair a damaged report', async () => {
    const [sweep] = await readdir(folder.sweeps);
    const report = (await readRecordedWork(lineage)).findLast(({ step }) => step === 'report');
    const { files } = await store.manifest(report?.digest ?? '');
    await flipBit(objectPath(folder, files['report.html']?.digest ?? ''), 40);
    const result = await runCommandLine(onFolder('report', sweep ?? '', folder.root));
    assertEnded(result, 3);
    assert.match(result.errors, /is damaged: .*quarantine.*the next run recomputes it/);
    assertEnded(await runCommandLine(onFolder('run', config, folder.root)), 0);
    assertEnded(await runCommandLine(onFolder('report', sweep ?? '', folder.root)), 0);
    assert.ok((await reportOf(folder.root, await sweepIdOf(folder.root, 'tiny'))).has('report.html'));
  });
});
