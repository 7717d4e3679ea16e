import assert from 'node:assert/strict';
import { cp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { readRecordedWork } from '../../../storage/store/work-records.js';
import { assertEnded, onFolder, runCommandLine, startCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound, processesOf } from '../../support/processes.js';
import { watchReading } from '../../support/read-files.js';
import { filesBelow, reportOf, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { objectPath, openTestStore } from '../../support/sweeps/test-store.js';
import { tinyConfig, tinyLearningRates, writeConfig } from '../../support/sweeps/tiny-config.js';
import { waitFor } from '../../support/wait-for.js';

/** A step in the output of `run --json` and `plan --json`. */
interface StepCounts {
  readonly step: string;
  readonly total: number;
  readonly cached: number;
  readonly done: number;
  readonly failed: number;
  readonly toRun: number;
}

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('sweep');
const folder = join(root, 'data folder');

async function countsOf(verb: 'run' | 'plan', config: string): Promise<Map<string, StepCounts>> {
  const result = await runCommandLine(onFolder(verb, config, folder, '--json'));
  assertEnded(result, 0);
  const { steps } = JSON.parse(result.output) as { steps: StepCounts[] };
  return new Map(steps.map((step) => [step.step, step]));
}

/** Watching the files has changed the time at which they were last changed, but not their bytes. */
async function keepDigests(files: readonly string[]): Promise<void> {
  const path = join(folder, 'file-digests.json');
  const known = JSON.parse(await readFile(path, 'utf8')) as Record<string, { changed: number }>;
  for (const file of files) {
    const own = known[file];
    assert.ok(own !== undefined, `the digest of ${file} is kept`);
    own.changed = (await stat(file)).ctimeMs;
  }
  await writeFile(path, JSON.stringify(known));
}

/** Computed units by step; steps without any are omitted. */
function computed(counts: Map<string, StepCounts>, key: 'done' | 'toRun' = 'done'): Record<string, number> {
  const entries = [...counts].map(([step, count]) => [step, count[key]] as const);
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

describe('a sweep', { skip, concurrency: 1 }, () => {
  let tiny: string;

  before(async () => {
    tiny = await writeConfig(root, tinyConfig({}));
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('ends with a report, and refuses a concurrent run in the same data folder', async () => {
    const run = startCommandLine(onFolder('run', tiny, folder));
    await waitFor('the server', () => processesOf(folder).find(({ role }) => role === 'server'));
    const second = await runCommandLine(onFolder('run', tiny, folder));
    assertEnded(second, 2);
    assert.match(second.errors, /another volbias \(process \d+\) is using .*data folder/);

    const result = await run.ended;
    assertEnded(result, 0);
    assert.match(result.errors, /http:\/\/127\.0\.0\.1:\d+/);
    assert.match(result.output, /ΔV/);
    const sweep = await sweepIdOf(folder, 'tiny');
    assert.match(result.output, new RegExp(`Report: .*${sweep}/report/report\\.html`));
    const report = await reportOf(folder, sweep);
    assert.deepEqual(
      [...report.keys()],
      [
        'cases.csv',
        ...['1-bias', '2-cases', '3-agreement', '4-reliability', '5-learning'].flatMap((name) =>
          ['png', 'svg'].map((ending) => `figure-${name}.${ending}`),
        ),
        ...['quality.csv', 'report.html', 'significance.csv'],
        ...['csv', 'html', 'json', 'md', 'tex', 'txt'].map((ending) => `table1.${ending}`),
        'training.csv',
      ],
    );
    assert.ok(result.output.includes(report.get('table1.txt')?.toString('utf8') ?? '-'));
    const page = report.get('report.html')?.toString('utf8') ?? '';
    assert.match(page, /<html/);
    // Three cases, each with its image and four probability maps.
    assert.equal(page.split('href="data:image/png;base64,').length - 1, 3 * 5);
    assert.match(page, /aria-label="case phantom-\d{4}: probability by U-Net with soft Dice, ΔV [+−]?\d/);
    assert.doesNotMatch(page, /no prediction/);
    assert.equal(report.get('cases.csv')?.toString('utf8').trim().split('\n').length, 1 + 4 * 6);
    // 4 arms × 2 folds × 3 epochs.
    assert.equal(report.get('training.csv')?.toString('utf8').trim().split('\n').length, 1 + 4 * 2 * 3);
    assert.deepEqual(processesOf(folder), []);
  });

  it('leaves nothing in its data folder that another user can read', async () => {
    const entries = await readdir(folder, { recursive: true });
    assert.ok(entries.length > 20);
    for (const entry of ['.', ...entries]) {
      assert.equal((await stat(join(folder, entry))).mode & 0o077, 0, entry);
    }
  });

  it('computes nothing and reads no data when run again, and says so', async (test) => {
    assert.deepEqual(computed(await countsOf('plan', tiny), 'toRun'), {});
    const pictures = await filesBelow(join(folder, 'phantoms'));
    assert.equal(pictures.filter((path) => path.endsWith('.png')).length, 2 * 6);
    const watched = pictures.filter((path) => path.endsWith('.png'));
    const filesRead = watchReading(watched);
    await keepDigests(watched);
    const result = await runCommandLine(onFolder('run', tiny, folder));
    assertEnded(result, 0);
    assert.match(result.output, /Nothing to compute: all 23 units are cached\./);
    if (filesRead === undefined) test.diagnostic('this file system keeps no times of access');
    else assert.deepEqual(filesRead(), []);
  });

  it('preprocesses again only the cases whose stored files are missing', async () => {
    const { folder: place, store, lineage } = openTestStore(folder);
    const one = (await readRecordedWork(lineage)).find(({ unit }) => unit === 'preprocess one case');
    assert.ok(one !== undefined);
    const manifest = await store.manifest(one.digest);
    for (const object of [one.digest, manifest.files['images.nii']?.digest ?? '']) {
      await rm(objectPath(place, object));
      assert.equal(computed(await countsOf('plan', tiny), 'toRun').preprocess, 1);
      assert.deepEqual(computed(await countsOf('run', tiny)), { preprocess: 1 });
      assert.ok((await store.readBlob(object)).length > 0);
      assert.deepEqual(computed(await countsOf('plan', tiny), 'toRun'), {});
    }
  });

  it('reruns only the affected trainings and their dependents after a change of learning rate', async () => {
    const learningRate = { ...tinyLearningRates, unet: 0.02 };
    const changed = await writeConfig(root, tinyConfig({ name: 'faster', training: { learningRate } }));
    // 2 losses × 2 folds of the U-Net; the keys of their dependents need results that do not exist yet.
    const expected = { train: 4, evaluate: 4, join: 1, compare: 1, report: 1 };
    assert.deepEqual(computed(await countsOf('plan', changed), 'toRun'), expected);
    assert.deepEqual(computed(await countsOf('run', changed)), expected);
  });

  it('is partial if some trainings diverge: gaps are marked, and the last line names the setting to change', async () => {
    const learningRate = { ...tinyLearningRates, unet: 1e30 };
    const diverging = await writeConfig(root, tinyConfig({ name: 'diverging', training: { learningRate } }));
    const result = await runCommandLine(onFolder('run', diverging, folder));
    assertEnded(result, 4);
    assert.match(result.output, /FAILED train flat\/unet\/ce\/fold-0 \(Diverged\): .*loss of epoch \d+ is/);
    const sweep = await sweepIdOf(folder, 'diverging');
    const report = await reportOf(folder, sweep);
    const page = report.get('report.html')?.toString('utf8') ?? '';
    assert.match(page, /train flat\/unet\/ce\/fold-0 failed/);
    assert.equal(page.split('lower training.learningRate of the model').length - 1, 1);
    // Cases are then chosen by the model that has results.
    assert.match(page, /with the median \|ΔV\| of LR trained with soft Dice/);
    assert.equal(page.split('>no prediction<').length - 1, 3 * 2);

    const remedy =
      /^The same training diverges again: lower training\.learningRate of the model; then run the config again/;
    assert.match(lastLine(result.output), remedy);
    const [, gaps = ''] = (report.get('report.html')?.toString('utf8') ?? '').split('id="gaps"');
    assert.match(gaps, /lower training\.learningRate/);
    assert.doesNotMatch(`${gaps}${result.output}`, /volbias rerun/);
    const status = await runCommandLine(onFolder('status', sweep, folder));
    assert.match(status.output, /lower training\.learningRate/);
    assert.doesNotMatch(status.output, /volbias rerun/);
    const again = await runCommandLine(['rerun', sweep, '--failed', '--data-dir', folder], { cwd: dirname(root) });
    assertEnded(again, 4);
    assert.match(again.output, /FAILED train flat\/unet\/ce\/fold-0 \(Diverged\)/);
    assert.match(lastLine(again.output), remedy);
  });

  it('reports collapsed trainings, or fails them if the config says so', async () => {
    // At this rate, the first steps take the U-Net to where soft Dice has no gradient.
    const learningRate = { ...tinyLearningRates, unet: 0.1 };
    const only = { models: ['unet'], losses: ['sd'] };
    const counted = await writeConfig(root, tinyConfig({ name: 'collapsed', ...only, training: { learningRate } }));
    const result = await runCommandLine(onFolder('run', counted, folder));
    assertEnded(result, 0);
    const note =
      /flat, U-Net SD: the network predicts the same probability at every voxel in folds 0 \(since epoch 1\) and 1/;
    assert.match(result.output, /WARNING: 2 trainings collapsed/);
    assert.match(result.output, note);
    const report = await reportOf(folder, await sweepIdOf(folder, 'collapsed'));
    assert.match(report.get('report.html')?.toString('utf8') ?? '', note);

    const training = { learningRate, onConstantPrediction: 'diverge' };
    const refused = await writeConfig(root, tinyConfig({ name: 'refused', ...only, training }));
    const failed = await runCommandLine(onFolder('run', refused, folder));
    assertEnded(failed, 1);
    const failure = /FAILED train flat\/unet\/sd\/fold-1 \(Diverged\): .*the same probability.*checkpoint is in (.*)/;
    const [, kept = ''] = failure.exec(failed.output) ?? [];
    assert.deepEqual(await readdir(join(kept, '1')), ['checkpoint.bin']);
  });

  it('names a faulty case to the user, but no case to Temporal', async () => {
    const phantoms = join(folder, 'phantoms');
    const [drawn = ''] = await readdir(phantoms);
    const data = join(root, 'data');
    await cp(join(phantoms, drawn), data, { recursive: true });
    for (const kind of ['images', 'masks']) {
      await rename(join(data, kind, 'phantom-0003.png'), join(data, kind, 'jane-doe.png'));
    }
    await truncate(join(data, 'images', 'jane-doe.png'), 60);
    const faulty = await writeConfig(root, tinyConfig({ name: 'faulty', dataSet: { path: data } }));
    const result = await runCommandLine(onFolder('run', faulty, folder));
    assertEnded(result, 1);
    assert.match(result.output, /FAILED preprocess flat\/shard-0 \(DataInvalid\): case "jane-doe": /);

    const temporal = join(folder, 'temporal');
    const files = await Promise.all((await readdir(temporal)).map((name) => readFile(join(temporal, name))));
    const holds = (text: string): boolean => files.some((bytes) => bytes.includes(text));
    assert.ok(holds('sharedUnit'), 'what Temporal can read is found by this search');
    assert.ok(!holds('jane-doe'));
    assert.ok(!holds('phantom-0'));
  });
});
