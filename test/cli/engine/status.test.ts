import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { assertEnded, onFolder, runCommandLine, startCommandLine } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { checkpointsOf, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { openTestStore } from '../../support/sweeps/test-store.js';
import { tinyConfig, tinyLearningRates, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';
import { waitFor } from '../../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('status');
const folder = join(root, 'data');
const patience = 120;

/** The logistic regression trains until it is interrupted; the U-Net diverges. */
const config = (name: string, maxEpochs: number): Promise<string> => {
  const training = { maxEpochs, stop: { patienceEpochs: 1e6 }, checkpointMinutes: 0.0005 };
  return writeConfig(
    root,
    tinyConfig({
      name,
      models: ['lr', 'unet'],
      losses: ['ce'],
      training: { ...training, learningRate: { ...tinyLearningRates, unet: 1e30 } },
    }),
  );
};

/** At most, interrupted trainings have begun once more, and were stopped at once with a checkpoint. */
const withoutEpochs = (text: string): string => text.replace(/epoch \d+ of/g, 'epoch of').replace(/[─ ]+/g, ' ');

describe('the status of sweeps', { skip, concurrency: 1 }, () => {
  let first: string;
  let interrupted: string;

  const status = async (...more: readonly string[]): Promise<string> => {
    const result = await runCommandLine(['status', ...more, '--data-dir', folder]);
    assertEnded(result, 0);
    return result.output;
  };

  before(async () => {
    first = await config('long', 100_000);
    const run = startCommandLine(onFolder('run', first, folder), {
      // Else the two long trainings would keep the others waiting.
      environment: { VOLBIAS_TRAINING_SLOTS: '4' },
    });
    const hasFailed = async (): Promise<true | undefined> => {
      const known = await sweepIdOf(folder, 'long').catch(() => undefined);
      if (known === undefined || (await checkpointsOf(folder)).length < 3) return undefined;
      return /FAILED train flat\/unet/.test(await status(known)) ? true : undefined;
    };
    await waitFor('a failed training, and checkpoints of others', hasFailed, patience);
    // What the lock refuses leaves nothing behind.
    const records = (await openTestStore(folder).lineage.read()).filter(({ kind }) => kind === 'runStarted').length;
    const refused = await runCommandLine(onFolder('run', await config('other', 7), folder));
    assert.match(refused.errors, /another volbias \(process \d+\) is using/);
    assertEnded(refused, 2);
    assertEnded(await runCommandLine([...onFolder('run', await config('other', 7), folder), '--detach']), 2);
    await assert.rejects(sweepIdOf(folder, 'other'));
    const later = (await openTestStore(folder).lineage.read()).filter(({ kind }) => kind === 'runStarted').length;
    assert.equal(later, records);
    process.kill(run.pid, 'SIGINT');
    assertEnded(await run.ended, 130);
    interrupted = await sweepIdOf(folder, 'long');
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('of an interrupted one tells what has become of each fold, its failures, its config and how it goes on', async () => {
    const text = await status(interrupted);
    assert.match(text, /: not finished\nconfig .*long\.json, run \d{4}-\d\d-\d\d \d\d:\d\d$/m);
    assert.match(text, /^\d+ units: .*\d done.*\d resumable/m);
    assert.match(text, /lr\/ce.*resumable at epoch \d+ of 100000/);
    assert.match(text, /^FAILED train flat\/unet\/ce\/fold-\d \(Diverged\): .*loss/m);
    assert.match(text, /^To go on: volbias run .*long\.json/m);
  });

  it('lists sweeps in the order of their first runs, with the settings that differ', async () => {
    // It trains alone: the interrupted one would take its time, without end.
    const before = await status(interrupted);
    const second = await config('long', 2);
    const ended = await runCommandLine(onFolder('run', second, folder));
    assertEnded(ended, 4);
    assert.match(ended.errors, /^long-[0-9a-f]{10} was interrupted here; it goes on when its config is run again$/m);
    assert.equal(withoutEpochs(await status(interrupted)), withoutEpochs(before));
    const lines = (await status()).split('\n').filter((line) => line.includes('long-'));
    assert.match(lines[0] ?? '', /not finished.*\d+ computed.*\d{4}-\d\d-\d\d \d\d:\d\d.*long\.json/);
    assert.match(lines[1] ?? '', /partial.*\d+\/\d+.*training\.maxEpochs 100000 → 2/);
    const found = JSON.parse(await status('--json')) as { changed: { settings: object[] } | null }[];
    assert.deepEqual(found[1]?.changed?.settings, [{ name: 'training.maxEpochs', before: 100_000, now: 2 }]);
  });

  it('stays what it is for all units but the failed ones, which alone run again', async () => {
    const trained = (text: string): string => withoutEpochs(/lr\/ce.*/.exec(text)?.[0] ?? text);
    const before = trained(await status(interrupted));
    const result = await runCommandLine(onFolder('rerun', interrupted, folder, '--failed', '--mode', 'restart'));
    assertEnded(result, 4);
    for (const fold of [0, 1])
      assert.match(result.output, new RegExp(`^FAILED again: train flat/unet/ce/fold-${fold}$`, 'm'));
    assert.match(
      result.output,
      /^The sweep was interrupted before\. To go on with the rest: volbias run .*long\.json/m,
    );
    const after = await status(interrupted);
    assert.match(after, /: not finished/);
    assert.equal(trained(after), before);
    assert.match(after, /^FAILED train flat\/unet/m);
  });
});
