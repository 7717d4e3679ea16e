import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { parse } from 'csv-parse/sync';

import { assertEnded, onFolder, runCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { reportOf, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

type Row = Readonly<Record<string, string>>;

interface Table {
  readonly table: { readonly dataSets: readonly { readonly arms: readonly Arm[] }[] };
  readonly comparisons: readonly {
    readonly kind: string;
    readonly model: string;
    readonly loss: string;
    readonly metric: string;
    readonly mean: number;
    readonly cases: number;
  }[];
}

interface Arm {
  readonly model: string;
  readonly loss: string;
  readonly cases: number;
  readonly means: Readonly<Record<string, number>>;
}

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('repeats');
const folder = join(root, 'data');

/** Runs the tiny config; what it computed by step, and its report. */
async function runWith(name: string, training: object): Promise<{ done: object; report: Map<string, string> }> {
  const config = await writeConfig(root, tinyConfig({ name, training: { ...training } }));
  const result = await runCommandLine(onFolder('run', config, folder, '--json'));
  assertEnded(result, 0);
  const { steps } = JSON.parse(result.output) as { steps: readonly { step: string; done: number }[] };
  const files = await reportOf(folder, await sweepIdOf(folder, name));
  return {
    done: Object.fromEntries(steps.filter(({ done }) => done > 0).map(({ step, done }) => [step, done])),
    report: new Map([...files].map(([file, bytes]) => [file, bytes.toString('utf8')])),
  };
}

const rowsOf = (report: Map<string, string>): Row[] => parse(report.get('cases.csv') ?? '', { columns: true });

describe('a sweep with repeats', { skip, concurrency: 1 }, () => {
  let once: Awaited<ReturnType<typeof runWith>>;
  let twice: Awaited<ReturnType<typeof runWith>>;

  before(async () => {
    once = await runWith('once', {});
    twice = await runWith('twice', { repeats: 2 });
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('computes only the further trainings, and what joins them', () => {
    assert.deepEqual(twice.done, { train: 8, evaluate: 8, join: 1, compare: 1, report: 1 });
  });

  it('has the rows of the sweep without repeats, and one more of each case by another network', () => {
    assert.ok(!('repeat' in (rowsOf(once.report)[0] ?? {})));
    const rows = rowsOf(twice.report);
    const ofRepeat = (wanted: string): Row[] =>
      rows.filter(({ repeat }) => repeat === wanted).map(({ repeat: _, ...row }) => row);
    assert.deepEqual(ofRepeat('0'), rowsOf(once.report));
    assert.equal(ofRepeat('1').length, ofRepeat('0').length);
    ofRepeat('1').forEach((row, index) => {
      const first = ofRepeat('0')[index];
      assert.deepEqual([row.caseId, row.fold, row.truthVolume], [first?.caseId, first?.fold, first?.truthVolume]);
      assert.notEqual(row.predictedVolume, first?.predictedVolume);
    });
  });

  it('reports the means over cases and repeats, tests as many cases as there are, and says so', () => {
    const { table, comparisons } = JSON.parse(twice.report.get('table1.json') ?? '') as Table;
    for (const { model, loss, cases, means } of table.dataSets[0]?.arms ?? []) {
      const own = rowsOf(twice.report).filter((row) => row.model === model && row.loss === loss);
      // As many repeats of each case: the mean of their means is the mean of all rows.
      const mean = own.reduce((sum, row) => sum + Number(row.volumeError), 0) / own.length;
      assert.deepEqual([own.length, cases], [12, 6]);
      assert.ok(Math.abs((means.volumeError ?? NaN) - mean) < 1e-12);
      const test = comparisons.find(
        (one) => one.kind === 'againstZero' && one.metric === 'volumeError' && one.model === model && one.loss === loss,
      );
      assert.ok(test !== undefined && Math.abs(test.mean - mean) < 1e-12 && test.cases === 6);
    }
    assert.match(twice.report.get('table1.txt') ?? '', /2 repeats of each training/);
    assert.match(twice.report.get('report.html') ?? '', /Each training was done 2 times \(repeats\)/);
    assert.doesNotMatch(once.report.get('table1.txt') ?? '-', /repeat/);
    assert.doesNotMatch(once.report.get('report.html') ?? '-', /\(repeats\)|repeats of each/);
  });
});
