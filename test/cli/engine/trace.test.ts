import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { Collection } from '../../../cli/lineage/collect-garbage.js';
import type { Explanation } from '../../../domain/lineage/explanation.js';
import type { CauseCount } from '../../../domain/lineage/reasons.js';
import type { SweepDifference } from '../../../domain/lineage/sweep-difference.js';
import type { Trace } from '../../../domain/lineage/trace.js';
import { objectPath } from '../../../storage/store/data-folder.js';
import {
  assertEnded,
  onFolder,
  runCommandLine,
  startCommandLine,
  type CommandLineResult,
} from '../../support/command-line.js';
import { repositoryRoot } from '../../support/paths.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { openTestStore } from '../../support/sweeps/test-store.js';
import { tinyConfig, tinyLearningRates, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('trace');
const { folder, lineage } = openTestStore(join(root, 'data'));

const sha256OfFile = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

/** Programs of the audit by hand that this machine lacks. */
const missing = ['bash', 'jq', 'sha256sum'].filter((program) => spawnSync(program, ['--version']).status !== 0);

describe('a result of a sweep', { skip, concurrency: 1 }, () => {
  let config: string;
  let sweep: string;

  const trace = (what: string, ...more: string[]): Promise<CommandLineResult> =>
    runCommandLine(['trace', sweep, what, '--data-dir', folder.root, ...more]);

  /** How often the log says that a sweep was started. */
  const runsOf = async (id: string): Promise<number> =>
    (await lineage.read()).filter(({ kind, spec }) => kind === 'runStarted' && spec.sweep === id).length;

  before(async () => {
    config = await writeConfig(root, tinyConfig({ models: ['lr'], losses: ['ce'] }));
    assertEnded(await runCommandLine(onFolder('run', config, folder.root)), 0);
    sweep = await sweepIdOf(folder.root, 'tiny');
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('is traced from a cell of Table 1 to every file that it was computed from', async () => {
    const graph = join(root, 'trace.svg');
    const { code, output, errors } = await trace('flat.lr.ce.volumeError', '--json', '--svg', graph);
    assert.equal(code, 0, errors);
    const found = JSON.parse(output) as Trace;
    const table = JSON.parse(await readFile(join(folder.sweeps, sweep, 'report', 'table1.json'), 'utf8')) as {
      table: { dataSets: { arms: { means: { volumeError: number } }[] }[] };
    };
    assert.equal(found.value, table.table.dataSets[0]?.arms[0]?.means.volumeError);
    assert.equal(found.measuredIn, 'hundredPixels');
    const mean = found.cases.reduce((sum, { value }) => sum + (value ?? NaN), 0) / found.cases.length;
    assert.ok(found.cases.length === 6 && Math.abs(mean - found.value) < 1e-12);
    for (const { path, sha256 } of found.files) assert.equal(await sha256OfFile(path), sha256, path);
    // An image and a mask of each of six cases.
    assert.equal(found.files.length, 12);
    const predictions = found.cases.flatMap((one) => one.predictions);
    for (const { sha256 } of predictions) assert.equal(await sha256OfFile(objectPath(folder, sha256)), sha256);
    const units = found.inputs.filter((work) => work.case === undefined);
    const evaluations = units.filter(({ step }) => step === 'evaluate').map(({ unit }) => unit);
    assert.deepEqual(evaluations, ['evaluate flat/lr/ce/fold-0', 'evaluate flat/lr/ce/fold-1']);
    assert.equal(units.length, 10); // all but the comparison
    assert.equal(found.inputs.length - units.length, 6); // prepared cases
    for (const { unit, facts } of units) if (unit.startsWith('train ')) assert.equal(facts.epochs, 3);
    assert.deepEqual(
      found.actions.map(({ kind }) => kind),
      ['runStarted', 'runEnded'],
    );
    const svg = await readFile(graph, 'utf8');
    for (const { unit } of units) assert.ok(svg.includes(`<title>${unit}</title>`), unit);
  });

  it('is traced from a case, its row, a file of the report and a unit, and says what else there is', async () => {
    const row = JSON.parse((await trace('flat.lr.ce.phantom-0001', '--json')).output) as Trace;
    const one = JSON.parse((await trace('flat.lr.ce.dice.phantom-0001', '--json')).output) as Trace;
    assert.equal(row.values?.dice, one.value);
    assert.equal(one.inputs.filter(({ step }) => step === 'evaluate').length, 1);
    const text = await trace('table1.csv');
    assertEnded(text, 0);
    for (const unit of ['compare flat', 'train flat/lr/ce/fold-1', 'scan flat']) assert.ok(text.output.includes(unit));
    const training = JSON.parse((await trace('train flat/lr/ce/0', '--json')).output) as Trace;
    assert.deepEqual([training.unit, training.value], ['train flat/lr/ce/fold-0', null]);
    const wrong = await trace('flat.unet.ce.volumeError');
    assertEnded(wrong, 2);
    assert.match(wrong.errors, /expected a value such as flat\.lr\.ce\.volumeError/);
  });

  it('has its key and the command that traces it on the page of the report', async () => {
    const page = await readFile(join(folder.sweeps, sweep, 'report', 'report.html'), 'utf8');
    const titles = [...page.matchAll(/title(?:="|>)([^"<]*volbias trace [^"<]*)/g)].map(([, title = '']) => title);
    const commands = titles.flatMap((title) => [...title.matchAll(/volbias trace (\S+) (?:&#39;(.*?)&#39;|(\S+))/g)]);
    assert.deepEqual([...new Set(commands.map(([, id]) => id))], [sweep]);
    const named = new Set(commands.map(([, , unit = '', value = '']) => unit + value));
    // Five means and ten of other metrics, error and true volume of each of six cases, two trainings, and tests, folds, rows,
    // statistics and scan.
    assert.equal(named.size, 5 + 10 + 2 * 6 + 2 + 5);
    for (const what of [
      'flat.lr.ce.dice',
      'flat.lr.ce.hausdorff95Mm',
      'flat.lr.ce.volumeError.phantom-0001',
      'compare flat',
    ]) {
      assert.ok(named.has(what), what);
      const { inputs, key } = JSON.parse((await trace(what, '--json')).output) as Trace;
      const measured = inputs.filter(({ step }) => step === 'evaluate').map((work) => work.key.slice(0, 12));
      const keys = what.startsWith('compare ') ? [key.slice(0, 12)] : measured;
      const own = titles.filter((title) =>
        new RegExp(`sweep (&#39;)?${what}(&#39;)? `.replace('sweep', sweep)).test(title),
      );
      assert.ok(own.length > 0 && keys.every((known) => own.every((title) => title.includes(known))), what);
    }
    const units = (JSON.parse((await trace('report.html', '--json')).output) as Trace).inputs;
    for (const { step, unit, key, digest } of units) {
      if (step === 'preprocess' || step === 'report') continue;
      assert.match(page, new RegExp(`${unit}[^<]*</td>[^]{0,60}${key}</code></td>[^]{0,60}${digest}<`));
    }
  });

  it('is explained: why its units are cached or would be computed, and how many units a change concerns', async () => {
    const asked = await runCommandLine(['why', sweep, 'flat/lr/ce/0', '--data-dir', folder.root]);
    assertEnded(asked, 0);
    assert.match(asked.output, /^train flat\/lr\/ce\/fold-0: cached, its result was recorded at .* for tiny-/);
    const slower = tinyConfig({
      models: ['lr'],
      losses: ['ce'],
      training: { learningRate: { ...tinyLearningRates, lr: 0.25 } },
    });
    const other = await writeConfig(root, { ...slower, name: 'slower' });
    const plan = await runCommandLine(onFolder('plan', other, folder.root, '--json', '--why'));
    assertEnded(plan, 0);
    const { because, units } = JSON.parse(plan.output) as { because: CauseCount[]; units: Explanation[] };
    const steps = { train: 2, evaluate: 2, join: 1, compare: 1, report: 1 };
    assert.deepEqual(because, [{ because: 'train: learningRate 0.5 → 0.25', units: 7, steps }]);
    const evaluation = units.find(({ unit }) => unit === 'evaluate flat/lr/ce/fold-1');
    assert.deepEqual(
      evaluation?.causes.map(({ unit }) => unit),
      ['train flat/lr/ce/fold-1'],
    );
    // Comments, order and formatting of a config are in no key.
    const { name, ...rest } = JSON.parse(await readFile(config, 'utf8')) as Record<string, unknown>;
    const reordered = join(root, 'reordered.yaml');
    await writeFile(reordered, `# the same\n${JSON.stringify({ ...rest, name })}\n`);
    const same = await runCommandLine(onFolder('plan', reordered, folder.root));
    assert.match(same.output, /Nothing to compute/);
  });

  const needs = missing.length === 0 ? false : `needs ${missing.join(', ')}`;
  it('is followed by hand to the voxels, as the page on lineage shows', { skip: needs }, async () => {
    const page = await readFile(join(repositoryRoot, 'docs', 'lineage.md'), 'utf8');
    const [, script = ''] = /```bash\n(.*?)```/s.exec(page) ?? [];
    const chosen = { sweep, data: 'flat', model: 'lr', loss: 'ce', case: 'phantom-0001' };
    const env = { ...process.env, ...chosen };
    const replayed = spawnSync('bash', ['-e', '-c', script], { cwd: folder.root, env, encoding: 'utf8' });
    assert.deepEqual([replayed.status, replayed.stderr], [0, '']);
    const lines = replayed.stdout.trim().split('\n');
    const checks = lines.filter((line) => line.endsWith(': OK')).map((line) => line.replace(/^.*\//, ''));
    const links = ['log', 'table', 'probabilities', 'weights', 'key of the folds', 'prepared case'];
    assert.deepEqual(
      checks,
      [...links, 'phantom-0001.png', 'phantom-0001.png'].map((link) => `${link}: OK`),
    );
    const numbers = lines.filter((line) => /^-?\d/.test(line)).map(Number);
    const cell = JSON.parse((await trace('flat.lr.ce.volumeError', '--json')).output) as Trace;
    const own = JSON.parse((await trace('flat.lr.ce.volumeError.phantom-0001', '--json')).output) as Trace;
    assert.deepEqual([numbers[0], numbers[2]], [cell.value, own.value]);
    assert.ok(Math.abs((numbers[1] ?? NaN) - (cell.value ?? NaN)) < 1e-12);
  });

  it('stays whole while garbage is collected beside the run of another sweep, which loses nothing either', async () => {
    const slower = { models: ['lr'], losses: ['ce'], training: { learningRate: { ...tinyLearningRates, lr: 0.25 } } };
    const other = await writeConfig(root, tinyConfig({ ...slower, name: 'slower' }));
    const running = startCommandLine(onFolder('run', other, folder.root));
    const state = { ended: false };
    const ended = running.ended.finally(() => (state.ended = true));
    const [, id = ''] = await waitFor(
      'the id of the sweep',
      () => /^sweep (\S+)$/m.exec(running.errors()) ?? undefined,
    );
    await waitFor('the record of the run', async () => ((await runsOf(id)) > 0 ? true : undefined));
    const collect = async (...keep: string[]): Promise<Collection> => {
      const collected = await runCommandLine(['gc', '--data-dir', folder.root, '--json', '--keep', ...keep]);
      assertEnded(collected, 0);
      return JSON.parse(collected.output) as Collection;
    };
    // Its run has just begun, so it is kept without being named.
    assert.deepEqual((await collect(sweep)).open, [id]);
    while (!state.ended) assert.deepEqual((await collect(sweep, id)).removedSweeps, []);
    const result = await ended;
    assertEnded(result, 0);
    assert.doesNotMatch(result.output, /missing or corrupt/);
    for (const one of [config, other]) {
      assert.match((await runCommandLine(onFolder('plan', one, folder.root))).output, /Nothing to compute/);
    }
    assertEnded(await runCommandLine(['verify', '--data-dir', folder.root]), 0);
    const compared = await runCommandLine(['diff', sweep, id, '--data-dir', folder.root, '--json']);
    assertEnded(compared, 0);
    const difference = JSON.parse(compared.output) as SweepDifference;
    assert.deepEqual(
      difference.config.map((one) => [one.name, one.before, one.now]),
      [
        ['name', 'tiny', 'slower'],
        ['training.learningRate.lr', 0.5, 0.25],
      ],
    );
    const { code, environment, data, splits, numbers } = difference;
    assert.deepEqual([code, environment, data, splits, numbers.length], [[], [], [], [], 5]);
    for (const { before: old, now, paired } of numbers) {
      // Both have the same six cases, so the mean of the differences is the difference of the means.
      assert.ok(Math.abs((now ?? NaN) - (old ?? NaN) - (paired?.mean ?? NaN)) < 1e-12);
      assert.equal(paired?.cases, 6);
    }
    const unit = await runCommandLine(['diff', sweep, id, '--unit', 'flat/lr/ce/1', '--data-dir', folder.root]);
    assert.match(unit.output, /learningRate 0\.5 → 0\.25\n +result: history\.json [0-9a-f]{64} → [0-9a-f]{64}\n/);
    // Now the other one alone is left, and what both have computed.
    assertEnded(await runCommandLine(['gc', '--keep', id, '--data-dir', folder.root]), 0);
    assertEnded(await runCommandLine(['verify', '--deep', '--data-dir', folder.root]), 0);
    assert.match((await runCommandLine(onFolder('plan', other, folder.root))).output, /Nothing to compute/);
    assertEnded(await trace('table1.csv'), 2);
  });
});
