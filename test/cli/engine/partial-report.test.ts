import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { assertEnded, onFolder, runCommandLine, startCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { slowedUntil } from '../../support/slow-trainings.js';
import { artifactsOf, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('partial-report');
const folder = join(root, 'data');
const patience = 300;

interface PartialTable {
  readonly partial?: { readonly total: number; readonly evaluated: number; readonly failed: number };
  readonly table: {
    readonly dataSets: readonly { readonly arms: readonly { readonly missingFolds: readonly number[] }[] }[];
  };
}

describe('the report of a sweep that is not finished', { skip, concurrency: 1 }, () => {
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('has what is there, while the sweep runs and after it is interrupted, and disturbs nothing', async () => {
    // Minutes at two checkpoints a second, so that trainings are left whenever the report is made.
    const training = { maxEpochs: 400, checkpointMinutes: 0.0001 };
    const go = join(root, 'go');
    const environment = slowedUntil(go);
    const start = async (name: string, losses: string[]) => {
      const path = await writeConfig(root, tinyConfig({ name, models: ['lr'], losses, training }));
      const started = startCommandLine(onFolder('run', path, folder), { environment });
      const id = await waitFor('the sweep', () => sweepIdOf(folder, name).catch(() => undefined), patience);
      return { path, started, id };
    };
    const first = await start('first', ['ce']);
    const early = await runCommandLine(onFolder('report', first.id, folder));
    assertEnded(early, 2);
    assert.match(early.errors, /nothing to report yet: none of .* trainings has results.*volbias status/);
    await writeFile(go, '');
    assertEnded(await first.started.ended, 0);
    await rm(go);
    // Two of its four trainings are those of the first sweep.
    const { path: config, started: run, id: sweep } = await start('tiny', ['ce', 'sd']);

    const during = await runCommandLine(onFolder('report', sweep, folder));
    assertEnded(during, 0);
    assert.match(
      during.output,
      /^WARNING: Partial: this sweep is not finished\.\n2 of 4 trainings with results, 2 not finished yet/,
    );
    assert.match(during.output, /no ▲ ▼ \* with fewer than 10 participants/);
    const offer = `what is there so far: volbias report ${sweep} --data-dir`;
    await waitFor(
      'the offer of the report',
      () => Promise.resolve(run.errors().includes(offer) || undefined),
      patience,
    );
    process.kill(run.pid, 'SIGINT');
    assertEnded(await run.ended, 130);

    const stored = await artifactsOf(folder);
    const result = await runCommandLine(onFolder('report', sweep, folder, '--json'));
    assertEnded(result, 0);
    const { partial, table } = JSON.parse(result.output) as PartialTable;
    const evaluated = 2;
    assert.deepEqual(partial, { total: 4, evaluated, failed: 0 });
    const missing = table.dataSets.flatMap(({ arms }) => arms.flatMap(({ missingFolds }) => missingFolds));
    assert.equal(missing.length, 4 - evaluated);
    const place = join(folder, 'sweeps', sweep);
    const page = await readFile(join(place, 'partial-report', 'report.html'), 'utf8');
    assert.equal(page.split('<td class="text wrap">not finished yet</td>').length - 1, 4 - evaluated);
    assert.ok(page.indexOf('id="partial"') > 0 && page.indexOf('id="partial"') < page.indexOf('<h1>'));
    assert.doesNotMatch(page, /volbias trace/);
    assert.ok(!existsSync(join(place, 'report')) && !existsSync(join(place, 'result.json')));
    assert.deepEqual(await artifactsOf(folder), stored);
    assert.match(
      (await runCommandLine(onFolder('status', sweep, folder))).output,
      /what is there so far: volbias report/,
    );
    assertEnded(await runCommandLine(onFolder('report', sweep, folder, '--predictions')), 2);

    await writeFile(go, '');
    assertEnded(await runCommandLine(onFolder('run', config, folder)), 0);
    const finished = await runCommandLine(onFolder('report', sweep, folder, '--open'), { environment: { PATH: '' } });
    assertEnded(finished, 0);
    assert.doesNotMatch(finished.output, /Partial/);
    assert.match(finished.errors, /there is no browser to open here; the page is .*report\.html/);
    assertEnded(await runCommandLine(['verify', sweep, '--deep', '--data-dir', folder]), 0);
  });

  it('has the failures of trainings as gaps', async () => {
    const own = join(root, 'failing');
    const diverging = { learningRate: { lr: 0.5, unet: 1e30 } };
    const config = await writeConfig(root, tinyConfig({ name: 'failing', losses: ['ce'], training: diverging }));
    assertEnded(await runCommandLine(onFolder('run', config, own)), 4);
    const sweep = await sweepIdOf(own, 'failing');
    // As if the run had been interrupted before its report.
    await rm(join(own, 'sweeps', sweep, 'result.json'));
    const result = await runCommandLine(onFolder('report', sweep, own));
    assertEnded(result, 0);
    assert.match(result.output, /2 of 4 trainings with results, 2 without results after a failure/);
    const page = await readFile(join(own, 'sweeps', sweep, 'partial-report', 'report.html'), 'utf8');
    assert.match(page, /train flat\/unet\/ce\/fold-0 failed: /);
    assert.doesNotMatch(page, /not finished yet<\/td>/);
  });
});
