import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';

import { CancelledFailure } from '@temporalio/common';

import type { ComputeJob } from '../../activities/activity-context.js';
import type { StepResult } from '../../contracts/activities.js';
import type { JobProgress } from '../../contracts/job-progress.js';
import { readRecordedWork } from '../../storage/store/work-records.js';
import { readSweepRecord } from '../../storage/sweeps/sweep-records.js';
import { ChildProcessRunner } from '../../worker/child-process-runner.js';
import { assertEnded, onFolder, runCommandLine } from '../support/command-line.js';
import { killProcessesOf, processesCanBeFound, processesOf } from '../support/processes.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';
import { openTestStore } from '../support/sweeps/test-store.js';
import { tinyConfig, writeConfig } from '../support/sweeps/tiny-config.js';
import { waitFor } from '../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('training-child');
const { folder, lineage, store } = openTestStore(join(root, 'data'));

const computing = (): number[] =>
  processesOf(folder.root).flatMap(({ pid, role }) => (role === 'computing' ? [pid] : []));

/** A training of the sweep, to be repeated under a new key, and the digest of its result. */
async function trainingAgain(digit: string, sweep: string): Promise<{ job: ComputeJob; expected: string }> {
  const record = await readSweepRecord(folder, (await readdir(folder.sweeps)).find((id) => id.startsWith(sweep)) ?? '');
  const training = (await readRecordedWork(lineage)).find(({ step }) => step === 'train');
  assert.ok(training !== undefined);
  const stepOf = (unit: string): string => unit.split(' ')[0] ?? '';
  const inputs = training.inputs.map(({ unit, digest }) => ({ unit, ref: { step: stepOf(unit), key: '', digest } }));
  const coordinates = { dataSet: 'flat', model: 'unet', loss: 'ce', fold: Number(training.unit.at(-1)) };
  const { id: sweepId, specification } = record;
  const request = { sweepId, specification, coordinates, key: digit.repeat(64), inputs, gaps: [] };
  const numerics = { threads: 1, precision: 'float32', tf32: false, deterministic: true } as const;
  const job = { step: 'train', unit: training.unit, request, stallSeconds: 300, numerics };
  return { job, expected: training.digest };
}

function newRunner(
  test: TestContext,
  job: ComputeJob,
): (onProgress?: (one: JobProgress) => void) => Promise<StepResult> {
  process.env.VOLBIAS_DATA_DIR = folder.root;
  test.after(() => delete process.env.VOLBIAS_DATA_DIR);
  const runner = new ChildProcessRunner({ folder, libraryPath: [], devices: [] });
  test.after(() => {
    runner.end();
  });
  return (onProgress = () => undefined) => runner.run(job, { onProgress, signal: new AbortController().signal });
}

describe('a training process', { skip }, () => {
  before(async () => {
    // In the first, no checkpoint is due before the end; in the second, several are due every second.
    for (const [name, checkpointMinutes] of [
      ['seldom', 60],
      ['often', 0.001],
    ] as const) {
      const training = { maxEpochs: 40, checkpointMinutes };
      const config = await writeConfig(root, tinyConfig({ name, models: ['unet'], losses: ['ce'], training }));
      assertEnded(await runCommandLine(onFolder('run', config, folder.root)), 0);
    }
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('saves a checkpoint on SIGTERM even if none is due, and resumes from it to the same bytes', async (t) => {
    const { job, expected } = await trainingAgain('c', 'seldom');
    const run = newRunner(t, job);
    const terminated = run(({ phase, done }) => {
      if (phase !== 'epoch' || done < 5) return;
      for (const pid of computing()) process.kill(pid, 'SIGTERM');
    });
    await assert.rejects(terminated, (error) => error instanceof CancelledFailure);
    assert.deepEqual(await readdir(join(folder.checkpoints, job.request.key, '1')), ['checkpoint.bin']);

    let firstEpoch: number | undefined;
    const { ref } = await run(({ done }) => (firstEpoch ??= done));
    assert.ok(firstEpoch !== undefined && firstEpoch >= 5, `it resumed in epoch ${String(firstEpoch)}`);
    const resumptions = (await lineage.read()).flatMap((record) => (record.kind === 'resumption' ? [record.spec] : []));
    const batches = resumptions[0]?.batches ?? 0;
    assert.deepEqual(resumptions, [{ unit: job.unit, key: job.request.key, epoch: firstEpoch, batches }]);
    assert.equal(ref.digest, expected);
    assert.deepEqual(await store.find(job.request.key), ref);
    assert.deepEqual(await readdir(folder.checkpoints), [], 'the checkpoint is deleted once the record is durable');
  });

  it('keeps its checkpoint if its result cannot be recorded, and resumes from it', async (t) => {
    const { job, expected } = await trainingAgain('d', 'often');
    const run = newRunner(t, job);
    // A file in the place of the record's folder: the training is computed and stored, but not recorded. Other records may
    // be in that folder.
    const obstacle = join(folder.index, 'dd');
    const others = join(folder.index, 'others');
    await mkdir(obstacle, { recursive: true });
    await rename(obstacle, others);
    await writeFile(obstacle, '');
    await assert.rejects(run());
    assert.ok((await readdir(join(folder.checkpoints, job.request.key, '1'))).includes('checkpoint.bin'));
    assert.equal(await store.find('e'.repeat(64)), undefined);

    await rm(obstacle);
    await rename(others, obstacle);
    let firstEpoch: number | undefined;
    const { ref } = await run(({ done }) => (firstEpoch ??= done));
    assert.ok(firstEpoch === undefined || firstEpoch > 1, `it resumed in epoch ${String(firstEpoch)}`);
    assert.equal(ref.digest, expected);
    assert.deepEqual(await readdir(folder.checkpoints), []);
  });

  it('does another training with the same bytes, and a log of its own, unless it ended meanwhile', async (t) => {
    process.env.VOLBIAS_DATA_DIR = folder.root;
    t.after(() => delete process.env.VOLBIAS_DATA_DIR);
    const runner = new ChildProcessRunner({ folder, libraryPath: [], devices: [] });
    const pids: number[] = [];
    const current = new AsyncLocalStorage<string>();
    for (const digit of ['1', '2', '3']) {
      const { job, expected } = await trainingAgain(digit, 'seldom');
      // What an activity tells the engine belongs to the activity in whose asynchronous context it is told.
      const contexts = new Set<string | undefined>();
      const onProgress = (): void => void contexts.add(current.getStore());
      const options = { onProgress, signal: new AbortController().signal };
      assert.equal((await current.run(digit, () => runner.run(job, options))).ref.digest, expected);
      assert.deepEqual([...contexts], [digit]);
      const [pid, ...others] = computing();
      assert.ok(pid !== undefined && others.length === 0);
      pids.push(pid);
      assert.ok((await readdir(folder.logs)).includes(`train-${digit.repeat(16)}.1.log`));
      if (digit !== '2') continue;
      process.kill(pid, 'SIGTERM');
      await waitFor('the waiting process to end', () => (computing().length === 0 ? true : undefined));
    }
    assert.equal(pids[0], pids[1]);
    assert.notEqual(pids[1], pids[2]);
    runner.end();
    await waitFor('it to end without a job', () => (computing().length === 0 ? true : undefined));
  });
});
