import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import type { TriagedUnit } from '../../../domain/plan/triage.js';
import { assertEnded, onFolder, runCommandLine, type CommandLineResult } from '../../support/command-line.js';
import { killProcessesOf, processesCanBeFound } from '../../support/processes.js';
import { filesBelow, reportOf, sweepIdOf } from '../../support/sweeps/sweep-folders.js';
import { openTestStore } from '../../support/sweeps/test-store.js';
import { tinyConfig, tinyLearningRates, writeConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolderOfFile } from '../../support/temporary-folder.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('rerun');
const folder = join(root, 'data');

const chosen = 'train flat/unet/ce/fold-1';

interface Answer {
  readonly units: readonly TriagedUnit[];
  readonly rerun: readonly string[];
}

describe('a rerun of a sweep that has ended', { skip, concurrency: 1 }, () => {
  let sweep: string;

  before(async () => {
    // The U-Net diverges in both folds, whatever is tried.
    const training = { learningRate: { ...tinyLearningRates, unet: 1e30 }, checkpointMinutes: 0.0005 };
    const config = await writeConfig(root, tinyConfig({ name: 'half', losses: ['ce'], training }));
    assertEnded(await runCommandLine(onFolder('run', config, folder)), 4);
    sweep = await sweepIdOf(folder, 'half');
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  const rerun = (...more: readonly string[]): Promise<CommandLineResult> =>
    runCommandLine(onFolder('rerun', sweep, folder, ...more));

  const failuresOf = async (): Promise<string[]> =>
    (await openTestStore(folder).lineage.read()).flatMap(({ kind, spec }) => (kind === 'failure' ? [spec.unit] : []));

  it('shows beforehand what has become of each fold of each arm, and runs nothing with --dry-run', async () => {
    const before = await filesBelow(folder);
    const shown = await rerun('--unit', 'flat/unet/ce/1', '--dry-run');
    assertEnded(shown, 0);
    assert.match(shown.output, /│ lr\/ce +│ done +│ done +│/);
    assert.match(shown.output, /│ unet\/ce +│ failed \(Diverged\) │ failed \(Diverged\) │/);
    assert.match(shown.output, /Would run again: train flat\/unet\/ce\/fold-1$/m);
    const { units, rerun: planned } = JSON.parse((await rerun('--failed', '--dry-run', '--json')).output) as Answer;
    assert.deepEqual(planned, ['train flat/unet/ce/fold-0', chosen]);
    assert.equal(units.find(({ unit }) => unit === chosen)?.kind, 'Diverged');
    assert.deepEqual(await filesBelow(folder), before);
  });

  it('runs the chosen unit only; the other failures stand, and the lineage says who ran it again and why', async () => {
    const failed = await failuresOf();
    const report = await reportOf(folder, sweep);
    const result = await rerun('--filter', 'model=unet,fold=1', '--reason', 'a new disk');
    assertEnded(result, 4);
    assert.deepEqual((await failuresOf()).slice(failed.length), [chosen]);
    assert.match(result.output, /FAILED train flat\/unet\/ce\/fold-0 \(Diverged\)/);
    // How far the failed training got is in the report's words, and it went on from its checkpoint.
    for (const [name, bytes] of await reportOf(folder, sweep)) {
      if (name !== 'report.html') assert.deepEqual(bytes, report.get(name), name);
    }
    const actions = (await openTestStore(folder).lineage.read()).flatMap((one) => (one.kind === 'action' ? [one] : []));
    const [{ spec } = { spec: undefined }] = actions;
    assert.equal(actions.length, 1);
    assert.deepEqual(
      { ...spec, operator: '' },
      { action: 'rerun', sweep, units: [chosen], reason: 'a new disk', operator: '', mode: 'resume' },
    );
    assert.match((await runCommandLine(onFolder('trace', sweep, folder, 'report'))).output, /a new disk/);
  });

  it('begins trainings anew on demand, and keeps their checkpoints', async () => {
    const result = await rerun('--unit', chosen, '--mode', 'restart');
    assertEnded(result, 4);
    const [, place = '-'] = /^earlier checkpoints are now in (.*)$/m.exec(result.errors) ?? [];
    assert.ok((await filesBelow(place)).some((path) => path.endsWith('checkpoint.bin')));
  });

  it('computes no stored result again, and says so', async () => {
    const failed = await failuresOf();
    const result = await rerun('--unit', 'flat/lr/ce/0');
    assertEnded(result, 0);
    assert.match(result.output, /Nothing to run again: of 2 units, none has failed \(2 done\)\./);
    assert.deepEqual(await failuresOf(), failed);
    assert.match(
      (await runCommandLine(['rerun', '--help'])).output,
      /Stored\s+results\s+are\s+never\s+computed\s+again/,
    );
  });

  it('shows by status what has become of a unit, by the same names', async () => {
    const shown = await runCommandLine(
      onFolder('status', sweep, folder, '--unit', 'flat/unet/ce/1', '--filter', 'step=scan'),
    );
    assertEnded(shown, 0);
    const lines = ['scan flat: done', `${chosen}: failed (Diverged)`, 'evaluate flat/unet/ce/fold-1: missing'];
    assert.equal(shown.output, `${lines.join('\n')}\n`);
  });

  it('refuses what the sweep does not have with what it has', async () => {
    for (const [args, told] of [
      [['--filter', 'model=vnet'], /no unit of model vnet; model is one of lr, unet/],
      [['--filter', 'modell=unet'], /--filter has "modell=unet", expected step=…, dataSet=…/],
      [['--unit', 'flat/unet/ce'], /--unit is "flat\/unet\/ce", expected a name such as/],
      [
        ['--unit', 'flat/unet/ce/7'],
        /no unit of dataSet flat, model unet, loss ce, fold 7, repeat 0; fold is from 0 to 1/,
      ],
    ] as const) {
      const result = await rerun(...args);
      assertEnded(result, 2);
      assert.match(result.errors, told);
    }
  });
});
