import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import {
  assertEnded,
  onFolder,
  runCommandLine,
  startCommandLine,
  type CommandLineResult,
  type StartedCommandLine,
} from '../../support/command-line.js';
import { slowedUntil } from '../../support/slow-trainings.js';
import { killProcessesOf, processesCanBeFound, processesOf } from '../../support/processes.js';
import { artifactsOf, checkpointsOf, reportOf, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { openTestStore } from '../../support/sweeps/test-store.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('control-engine');
const undisturbed = join(root, 'undisturbed');
const fold = 'flat/lr/ce/0';
const training = 'train flat/lr/ce/fold-0';

/** Both trainings run at a time, and slowly until the test lets them go on. */
const slots = { VOLBIAS_TRAINING_SLOTS: '2' };
const slow = (folder: string): Readonly<Record<string, string>> => ({ ...slots, ...slowedUntil(`${folder}.go`) });
const letGo = (folder: string): Promise<void> => writeFile(`${folder}.go`, '');
const patience = 300;

async function tell(verb: string, folder: string, ...more: readonly string[]): Promise<CommandLineResult> {
  const result = await runCommandLine(onFolder(verb, await sweepIdOf(folder, 'long'), folder, ...more));
  assertEnded(result, 0);
  return result;
}

const untilTraining = (folder: string, trainings = 2): Promise<true> =>
  waitFor(
    `${trainings} trainings with a checkpoint`,
    async () => ((await checkpointsOf(folder)).length >= trainings ? true : undefined),
    patience,
  );

/** Waits until a training has failed for the sweep. */
const failing = (folder: string): Promise<true> =>
  waitFor(
    'a failed training',
    async () => (/FAILED train/.test((await tell('status', folder)).output) ? true : undefined),
    patience,
  );

const said = (run: StartedCommandLine, words: RegExp): Promise<true> =>
  waitFor(`"${words.source}" to be said`, () => (words.test(run.errors()) ? true : undefined), patience);

async function assertSameAsUndisturbed(folder: string): Promise<void> {
  assert.deepEqual(await artifactsOf(folder), await artifactsOf(undisturbed));
  const sweep = await sweepIdOf(folder, 'long');
  assert.deepEqual(await reportOf(folder, sweep), await reportOf(undisturbed, sweep));
}

const actionsOf = async (folder: string): Promise<{ action: string; units: string[]; reason?: string }[]> =>
  (await openTestStore(folder).lineage.read()).flatMap(({ kind, spec }) => (kind === 'action' ? [spec] : []));

describe('a sweep under control', { skip, concurrency: 1 }, () => {
  let config: string;

  before(async () => {
    const long = { maxEpochs: 200, checkpointMinutes: 0.0001, stop: { patienceEpochs: 2500 } };
    config = await writeConfig(root, tinyConfig({ name: 'long', models: ['lr'], losses: ['ce'], training: long }));
    assertEnded(await runCommandLine(onFolder('run', config, undisturbed), { environment: slots }), 0);
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('does without a cancelled fold until that is run again, while the other one trains, to the same bytes', async () => {
    const folder = join(root, 'cancelled');
    const run = startCommandLine(onFolder('run', config, folder), { environment: slow(folder) });
    await untilTraining(folder);
    const cancelled = await tell('cancel', folder, '--unit', fold, '--reason', 'a try');
    assert.match(cancelled.output, /Cancelled: train flat\/lr\/ce\/fold-0/);
    await said(run, /train 0\/2, 1 failed/);
    const again = await tell('rerun', folder, '--failed');
    assert.match(again.output, /failed \(Cancelled\) │ running/);
    assert.match(again.output, /Running again, in the running sweep: train flat\/lr\/ce\/fold-0/);
    await letGo(folder);
    assertEnded(await run.ended, 0);
    await assertSameAsUndisturbed(folder);
    const actions = await actionsOf(folder);
    assert.deepEqual(
      actions.map(({ action }) => action),
      ['cancel', 'rerun'],
    );
    assert.deepEqual([actions[0]?.reason, actions[1]?.units], ['a try', [training]]);
  });

  it('pauses in the middle of a training, stays paused over Ctrl-C, and ends with the same bytes', async () => {
    const folder = join(root, 'paused');
    const run = startCommandLine(onFolder('run', config, folder), { environment: slow(folder) });
    await untilTraining(folder);
    await tell('pause', folder);
    // Neither is still stopping.
    await said(run, /paused: 2 units/);
    process.kill(run.pid, 'SIGINT');
    assertEnded(await run.ended, 130);
    assert.ok((await checkpointsOf(folder)).length >= 2);
    // As a run in the background would have left it.
    const log = join(folder, 'sweeps', await sweepIdOf(folder, 'long'), 'run.log');
    await writeFile(log, 'why it has ended');
    const ended = (await tell('status', folder)).output;
    assert.ok(ended.includes(`its last run in the background says why in ${log}`), ended);
    assert.match(ended, /not finished\nconfig .*long\.json, run \d{4}-\d\d-\d\d \d\d:\d\d$/m);
    assert.match(ended, /lr\/ce.*│ paused at epoch \d+ of 200 │ paused at epoch \d+ of 200 │/);
    assert.match(ended, /2 paused/);
    assert.match(ended, /To go on: volbias run .*long\.json/);

    const told = /paused: 2 units; to go on: volbias resume long-[0-9a-f]{10}/;
    const again = startCommandLine(onFolder('run', config, folder), { environment: slow(folder) });
    await said(again, told);
    process.kill(again.pid, 'SIGINT');
    assertEnded(await again.ended, 130);
    // The engine's database is lost, as after another sweep or an upgrade.
    await rm(join(folder, 'temporal'), { recursive: true });
    const next = startCommandLine(onFolder('run', config, folder), { environment: slow(folder) });
    await said(next, told);
    assert.match((await tell('status', folder)).output, told);
    await tell('resume', folder);
    await letGo(folder);
    assertEnded(await next.ended, 0);
    await assertSameAsUndisturbed(folder);
    const resumptions = (await openTestStore(folder).lineage.read()).filter(({ kind }) => kind === 'resumption');
    assert.equal(resumptions.length, 2);
  });

  it('pauses and cancels trainings that still wait for their turn', async () => {
    const folder = join(root, 'queued');
    const one = { environment: { ...slow(folder), VOLBIAS_TRAINING_SLOTS: '1' } };
    const run = startCommandLine(onFolder('run', config, folder), one);
    await untilTraining(folder, 1);
    await tell('pause', folder);
    await said(run, /paused: 2 units/);
    await tell('resume', folder);
    // One of the two waits for its turn, the other trains.
    for (const filter of ['fold=0', 'fold=1']) {
      assert.match((await tell('cancel', folder, '--filter', filter)).output, /Cancelled: train/);
      await failing(folder);
      assert.match((await tell('rerun', folder, '--failed')).output, /Running again, in the running sweep/);
    }
    await letGo(folder);
    assertEnded(await run.ended, 0);
    await assertSameAsUndisturbed(folder);
  });

  it('does without what was cancelled also after an interruption and the loss of the engine’s database', async () => {
    const folder = join(root, 'cancelled and interrupted');
    const run = startCommandLine(onFolder('run', config, folder), { environment: slow(folder) });
    await untilTraining(folder);
    await tell('cancel', folder, '--unit', fold);
    await said(run, /train 0\/2, 1 failed/);
    process.kill(run.pid, 'SIGINT');
    assertEnded(await run.ended, 130);
    await rm(join(folder, 'temporal'), { recursive: true });
    assert.match((await tell('status', folder)).output, /lr\/ce.*│ failed \(Cancelled\) │ resumable/);
    await letGo(folder);
    const result = await runCommandLine(onFolder('run', config, folder), { environment: slow(folder) });
    assertEnded(result, 4);
    assert.match(result.output, /FAILED train flat\/lr\/ce\/fold-0 \(Cancelled\)/);
    assert.doesNotMatch(result.output, /FAILED evaluate/);
  });

  it('runs in the background, is seen from any terminal, and tells by its logs how far its units are', async () => {
    const folder = join(root, 'detached');
    const started = await runCommandLine([...onFolder('run', config, folder), '--detach'], {
      environment: slow(folder),
    });
    assertEnded(started, 0);
    const sweep = await sweepIdOf(folder, 'long');
    assert.match(started.output, new RegExp(`^To see it: +volbias attach ${sweep} --data-dir`, 'm'));
    const view = startCommandLine(onFolder('attach', sweep, folder));
    const status = startCommandLine(onFolder('status', sweep, folder, '--watch'));
    await untilTraining(folder);
    const shown = await tell('logs', folder, fold);
    assert.match(shown.output, /^\S+ train flat\/lr\/ce\/fold-0: attempt 1, in process \d+$/m);
    const curve = async (): Promise<string> => (await tell('logs', folder, fold, '--curve')).output;
    assert.match(await curve(), /^epoch,trainingLoss,validationLoss,learningRate\n1,0\.\d+,0\.\d+,[\d.]+\n/);
    const left = startCommandLine(onFolder('attach', sweep, folder));
    await waitFor('the view', () => (/train +\d+\/2|scan 1\/1/.test(left.errors()) ? true : undefined), patience);
    process.kill(left.pid, 'SIGINT');
    assertEnded(await left.ended, 0);

    const followed = runCommandLine(onFolder('logs', sweep, folder, fold, '--follow'));
    await letGo(folder);
    const result = await view.ended;
    assertEnded(result, 0);
    assert.match(result.output, /Report: .*report\.html/);
    assert.match((await followed).output, /epoch \d+\/200, loss \S+\n[\s\S]* ended: its result is stored\n$/);
    assert.match((await status.ended).output, new RegExp(`${sweep}: running[\\s\\S]*${sweep}: complete`));
    await waitFor('the background to end', () => (processesOf(folder).length === 0 ? true : undefined), patience);
    await assertSameAsUndisturbed(folder);
    // What was shown while it trained is what its result has.
    const names = (await readdir(join(folder, 'logs'))).filter((name) => name.endsWith('.csv'));
    const watched = await Promise.all(names.map((name) => readFile(join(folder, 'logs', name), 'utf8')));
    assert.ok(watched.includes(await curve()));
  });

  it('is not told anything while it is not running', async () => {
    const sweep = await sweepIdOf(undisturbed, 'long');
    for (const verb of ['pause', 'resume', 'cancel']) {
      const result = await runCommandLine(onFolder(verb, sweep, undisturbed));
      assertEnded(result, 2);
      assert.match(result.errors, new RegExp(`is not running, so there is nothing to ${verb}`));
    }
    const attached = await runCommandLine(onFolder('attach', sweep, undisturbed));
    assertEnded(attached, 0);
    assert.match(attached.output, /ΔV/);
  });
});
