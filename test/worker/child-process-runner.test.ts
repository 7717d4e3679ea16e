import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import type { ComputeJob } from '../../activities/activity-context.js';
import { dataFolderAt, type DataFolder } from '../../storage/store/data-folder.js';
import { ChildProcessRunner } from '../../worker/child-process-runner.js';
import { workerSettings } from '../../worker/settings.js';
import { killProcessesOf, processesCanBeFound, processesOf } from '../support/processes.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { objectPath } from '../support/sweeps/test-store.js';
import { waitFor } from '../support/wait-for.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const specification = 'a'.repeat(64);
const job: ComputeJob = {
  step: 'preprocess',
  unit: 'preprocess flat/shard-0',
  request: {
    sweepId: 'tiny-0123456789',
    specification,
    coordinates: { dataSet: 'flat', shard: 0 },
    key: 'b'.repeat(64),
    inputs: [],
    gaps: [],
  },
  stallSeconds: 300,
  numerics: undefined,
};
const numerics = { threads: 1, precision: 'float32', tf32: false, deterministic: true } as const;

/** A runner in a new data folder, by which its child processes can be found. */
async function newRunner(
  test: TestContext,
  devices: readonly string[] = [],
): Promise<{ folder: DataFolder; run: (signal?: AbortSignal, changes?: Partial<ComputeJob>) => Promise<unknown> }> {
  const folder = dataFolderAt(await temporaryFolder(test));
  const before = process.env.VOLBIAS_DATA_DIR;
  process.env.VOLBIAS_DATA_DIR = folder.root;
  test.after(() => {
    if (before === undefined) delete process.env.VOLBIAS_DATA_DIR;
    else process.env.VOLBIAS_DATA_DIR = before;
    killProcessesOf(folder.root);
  });
  const runner = new ChildProcessRunner({
    folder,
    libraryPath: [],
    devices,
  });
  const run = (signal = new AbortController().signal, changes: Partial<ComputeJob> = {}): Promise<unknown> =>
    runner.run({ ...job, ...changes }, { onProgress: () => undefined, signal });
  return { folder, run };
}

/** Makes the children wait forever: the specification that they read is a pipe to which nothing writes. */
async function holdChildren(folder: DataFolder): Promise<void> {
  const path = objectPath(folder, specification);
  await mkdir(dirname(path), { recursive: true });
  assert.equal(spawnSync('mkfifo', [path]).status, 0);
}

/** The GPUs that a process can see. */
async function deviceOf(pid: number): Promise<string | undefined> {
  const variables = (await readFile(`/proc/${String(pid)}/environ`, 'utf8')).split('\0');
  return variables.find((one) => one.startsWith('CUDA_VISIBLE_DEVICES='))?.split('=')[1];
}

describe('a computing process', { skip }, () => {
  it('returns its error with the code, and keeps a log', async (test) => {
    const { folder, run } = await newRunner(test);
    await assert.rejects(run(), { code: 'STORE_CORRUPT', message: /is missing from the store/ });
    assert.deepEqual(await readdir(folder.logs), ['preprocess-bbbbbbbbbbbbbbbb.1.log']);
  });

  it('that is killed fails, naming the signal', async (test) => {
    const { folder, run } = await newRunner(test);
    await holdChildren(folder);
    const result = run();
    result.catch(() => undefined);
    const child = await waitFor('the child', () => processesOf(folder.root).find(({ role }) => role === 'computing'));
    process.kill(child.pid, 'SIGKILL');
    await assert.rejects(result, {
      code: 'KILLED',
      message: /was killed by SIGKILL; its log is /,
    });
  });

  it('that is stopped is killed when it has made no progress for too long', async (test) => {
    const { folder, run } = await newRunner(test);
    await holdChildren(folder);
    const result = run(undefined, { stallSeconds: 3 });
    result.catch(() => undefined);
    const child = await waitFor('the child', () => processesOf(folder.root).find(({ role }) => role === 'computing'));
    process.kill(child.pid, 'SIGSTOP');
    await assert.rejects(result, {
      code: 'STALLED',
      message: /made no progress for \d+ s and was killed; its log is /,
    });
    assert.deepEqual(processesOf(folder.root), []);
  });

  it('sees only the GPU of its slot', async (test) => {
    const { folder, run } = await newRunner(test, ['GPU-a', 'GPU-b']);
    await holdChildren(folder);
    const cancellation = new AbortController();
    const results = [
      run(cancellation.signal, { step: 'evaluate', numerics }),
      run(cancellation.signal, { step: 'train', numerics }),
    ];
    const [first, second] = await waitFor('both children', () => {
      const found = processesOf(folder.root).filter(({ role }) => role === 'computing');
      return found.length === 2 ? found : undefined;
    });
    const devices = await Promise.all([first, second].map((child) => deviceOf(child?.pid ?? 0)));
    assert.deepEqual(devices.sort(), ['GPU-a', 'GPU-b']);
    cancellation.abort();
    killProcessesOf(folder.root);
    await Promise.all(results.map((result) => assert.rejects(result)));
  });

  it('is not started for work that is already cancelled', async (test) => {
    const { folder, run } = await newRunner(test);
    await assert.rejects(run(AbortSignal.abort()));
    assert.deepEqual(processesOf(folder.root), []);
  });
});

describe("a worker's settings", () => {
  it('come from its environment', () => {
    const environment = { VOLBIAS_DATA_DIR: '/data', VOLBIAS_TRAINING_SLOTS: '3', VOLBIAS_DATA_SLOTS: '4' };
    const common = { dataFolder: '/data', trainingSlots: 3, dataSlots: 4 };
    const quiet = { metricsAddress: undefined };
    const unlimited = { idleSeconds: undefined, memoryBytes: undefined, ...quiet };
    assert.deepEqual(workerSettings(environment, 2), { ...common, ...unlimited, role: 'all' });
    const limits = { VOLBIAS_WORKER_ROLE: 'training', VOLBIAS_IDLE_SECONDS: '90', VOLBIAS_MEMORY_BYTES: '1000' };
    const limited = { ...common, ...quiet, role: 'training', idleSeconds: 90, memoryBytes: 1000 };
    assert.deepEqual(workerSettings({ ...environment, ...limits }, 2), limited);
    assert.throws(() => workerSettings({ VOLBIAS_WORKER_ROLE: 'boss' }, 1), /one of the roles all, data, training/);
  });

  it('default to one training per GPU, or one if there is no GPU', () => {
    assert.equal(workerSettings({}, 0).trainingSlots, 1);
    assert.equal(workerSettings({}, 4).trainingSlots, 4);
  });

  it('are refused unless the number of slots is a positive integer', () => {
    for (const slots of ['0', '-1', '1.5', 'many']) {
      assert.throws(
        () => workerSettings({ VOLBIAS_TRAINING_SLOTS: slots }, 1),
        /VOLBIAS_TRAINING_SLOTS is "[^"]+", expected a whole number/,
      );
    }
  });
});
