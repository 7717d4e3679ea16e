import assert from 'node:assert/strict';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { storedPage } from '../../../domain/report/page/copied-page.js';
import { objectPath } from '../../../storage/store/data-folder.js';
import { sha256Of } from '../../../storage/store/log-lines.js';
import { reportFolder } from '../../../storage/sweeps/report-copy.js';
import { assertEnded, onFolder, runCommandLine, type CommandLineResult } from '../../support/command-line.js';
import { flipBit } from '../../support/damage.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { artifactsOf, filesBelow, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { openTestStore } from '../../support/sweeps/test-store.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('lineage');
const { folder, lineage, store } = openTestStore(join(root, 'data'));

const verify = (...more: string[]): Promise<CommandLineResult> =>
  runCommandLine(['verify', '--data-dir', folder.root, ...more]);

describe('the lineage of a sweep', { skip, concurrency: 1 }, () => {
  let config: string;
  let sweep: string;
  let expected: Map<string, string>;
  let head: string;

  const run = (): Promise<CommandLineResult> => runCommandLine(onFolder('run', config, folder.root));

  const exportNetworks = (): Promise<CommandLineResult> => {
    const flags = ['--arm', 'lr/ce', '--output', join(root, 'networks'), '--data-dir', folder.root];
    return runCommandLine(['export', '--sweep', sweep, ...flags]);
  };

  /** Repairs the folder, and asserts that the next run computes exactly these units again, to the same bytes. */
  async function assertRepaired(units: number): Promise<void> {
    assertEnded(await verify('--repair'), 0);
    const again = await run();
    assertEnded(again, 0);
    assert.match(again.output, new RegExp(`Computed ${units} units?, `));
    assertEnded(await verify(), 0);
    assert.deepEqual(await artifactsOf(folder.root), expected);
  }

  before(async () => {
    config = await writeConfig(root, tinyConfig({ models: ['lr'], losses: ['ce'] }));
    const first = await run();
    assertEnded(first, 0);
    [, head = ''] = /Lineage: ([0-9a-f]{64})/.exec(first.output) ?? [];
    sweep = await sweepIdOf(folder.root, 'tiny');
    expected = await artifactsOf(folder.root);
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('says who ran it, how it ended, and of each result which sweep it was for', async () => {
    const records = await lineage.read();
    assert.deepEqual([records[0]?.kind, records.at(-1)?.kind], ['runStarted', 'runEnded']);
    const report = (await filesBelow(join(folder.sweeps, sweep, 'report'))).length;
    assert.ok(report > 0 && records.at(-1)?.spec !== undefined);
    const units = records.filter((record) => record.kind === 'artifact' && record.spec.sweep === sweep);
    // scan, preprocess, statistics, split, 2 trainings, 2 evaluations, join, compare, report; 6 cases are no units
    assert.equal(units.length, 11);
    assert.equal(await readFile(join(folder.sweeps, sweep, 'lineage-head.txt'), 'utf8'), `${head}\n`);
  });

  it('is verified to the last byte, and proven by its head', async () => {
    const { code, output } = await verify('--json', '--deep', '--head', head);
    const found = JSON.parse(output) as Record<string, unknown>;
    assert.deepEqual([code, found.findings, found.continuesHead, found.head], [0, [], true, head]);
    const other = await verify('--head', 'a'.repeat(64));
    assertEnded(other, 3);
    assert.match(other.output, /NOT the log that had the given head/);
    const page = await readFile(join(reportFolder(folder, sweep), 'report.html'), 'utf8');
    const named = storedPage(page).line ?? '';
    assert.match(
      (await verify('--head', named)).output,
      /it continues the log that had the given head, \d+ records long/,
    );
  });

  it('is confirmed by computing its units again', async () => {
    const { code, output } = await verify('--json', '--audit', '100%');
    const found = JSON.parse(output) as Record<string, unknown>;
    // All units but the scan and the report.
    const { units, skipped } = found.audited as { units: string[]; skipped: string[] };
    assert.deepEqual([code, found.findings, [units.length, skipped.length]], [0, [], [9, 0]]);
    assert.deepEqual(await artifactsOf(folder.root), expected);
    assert.deepEqual(
      (await filesBelow(folder.root)).filter((path) => path.includes('audit-')),
      [],
    );
  });

  it('stops a run if a line in its middle was altered, names the line and the remedy, and goes on after it', async () => {
    const lines = (await readFile(folder.lineageLog, 'utf8')).split('\n');
    const at = lines.findIndex((line) => line.includes('"step":"split"'));
    await writeFile(folder.lineageLog, lines.with(at, (lines[at] ?? '').replace('"seed":1', '"seed":2')).join('\n'));
    const named = new RegExp(`lineage\\.jsonl, line ${at + 1}: .*volbias verify --repair`);
    for (const attempt of [run, exportNetworks]) {
      const result = await attempt();
      assertEnded(result, 3);
      assert.match(result.errors, named);
    }
    const found = await verify();
    assertEnded(found, 3);
    assert.match(found.output, new RegExp(`line ${at + 1}: `));
    assert.match(found.output, /artifact split flat/);
    await assertRepaired(1);
    assertEnded(await verify('--head', head), 3);
  });

  it('stops an export if the end of the log was cut off, instead of finding no networks', async () => {
    const { length } = await readFile(folder.lineageLog);
    await truncate(folder.lineageLog, length - 100);
    const result = await exportNetworks();
    assertEnded(result, 3);
    assert.match(result.errors, /records after it are missing/);
    // The record of the last run's end was lost, and the one before it is in doubt.
    await assertRepaired(1);
  });

  it('stops an export even if the log was cut off together with its head', async () => {
    const head = `${folder.lineageLog}.head`;
    const [log, digest] = await Promise.all([readFile(folder.lineageLog, 'utf8'), readFile(head)]);
    const kept = log.split('\n').slice(0, 3);
    await writeFile(folder.lineageLog, `${kept.join('\n')}\n`);
    await writeFile(head, `${sha256Of(Buffer.from(kept.at(-1) ?? ''))}\n`);
    const result = await exportNetworks();
    assertEnded(result, 3);
    assert.match(result.errors, /the lineage log has no record of the report of tiny-/);
    await Promise.all([writeFile(folder.lineageLog, log), writeFile(head, digest)]);
    assertEnded(await verify(), 0);
  });

  it('names a damaged object, what depends on it, and the command that makes it again', async () => {
    const trained = (await lineage.read()).find((record) => record.kind === 'artifact' && record.spec.step === 'train');
    assert.ok(trained?.kind === 'artifact');
    const { files } = await store.manifest(trained.spec.digest);
    await flipBit(objectPath(folder, files['weights.safetensors']?.digest ?? ''), 100);
    const found = await verify(sweep);
    assertEnded(found, 3);
    assert.match(found.output, new RegExp(`${trained.spec.unit}: weights\\.safetensors`));
    assert.match(
      found.output,
      /4 results depend on it: compare flat, evaluate flat\/lr\/ce\/fold-\d, join flat, report/,
    );
    assert.match(found.output, new RegExp(`volbias run ${config}`));
    await assertRepaired(1);
  });

  it('notices a file of a data set that has changed since, if asked to look', async () => {
    const [picture = ''] = (await filesBelow(folder.phantoms)).filter((path) => path.endsWith('.png'));
    const bytes = await readFile(picture);
    await flipBit(picture, bytes.length - 1);
    assertEnded(await verify(), 0);
    const found = await verify('--deep');
    assertEnded(found, 3);
    assert.ok(found.output.includes(`${picture}: it has changed since the sweep read it`));
    await writeFile(picture, bytes);
    assertEnded(await verify('--deep'), 0);
  });
});
