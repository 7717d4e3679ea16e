import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { CancelledFailure } from '@temporalio/common';

import type { ComputedContent, ComputeJob } from '../../activities/activity-context.js';
import type { JobProgress } from '../../contracts/job-progress.js';
import type { ArtifactManifest, WorkRecord } from '../../storage/store/artifact-store.js';
import { ChildProcessRunner } from '../../worker/child-process-runner.js';
import { assertEnded, onFolder, runCommandLine } from '../support/command-line.js';
import { killProcessesOf, processesCanBeFound, processesOf } from '../support/processes.js';
import { temporaryFolderOfFile } from '../support/temporary-folder.js';
import { openTestStore } from '../support/sweeps/test-store.js';
import { tinyConfig, writeConfig } from '../support/sweeps/tiny-config.js';

const skip = processesCanBeFound ? false : 'there is no /proc to find processes in';
const root = temporaryFolderOfFile('training-child');
const { folder, lineage, store } = openTestStore(join(root, 'data'));

/** A training that the sweep has done, to be done once more under a key of its own; and what it came to. */
async function trainingAgain(): Promise<{ job: ComputeJob; expected: ArtifactManifest }> {
  const works = (await lineage.read()).map(({ spec }) => spec as WorkRecord & { readonly digest: string });
  const training = works.find(({ step }) => step === 'train');
  assert.ok(training !== undefined);
  const [sweepId = ''] = await readdir(folder.sweeps);
  const { specification } = JSON.parse(await readFile(join(folder.sweeps, sweepId, 'sweep.json'), 'utf8')) as {
    specification: string;
  };
  const inputs = training.inputs.map(({ unit, digest }) => ({ unit, ref: { step: training.step, key: '', digest } }));
  const coordinates = { dataSet: 'flat', model: 'unet', loss: 'ce', fold: Number(training.unit.at(-1)) };
  const request = { sweepId, specification, coordinates, key: 'c'.repeat(64), inputs, gaps: [] };
  return { job: { kind: 'train', unit: training.unit, request }, expected: await store.manifest(training.digest) };
}

describe('a training process', { skip }, () => {
  before(async () => {
    // No checkpoint is due before the end.
    const training = { maxEpochs: 40, checkpointMinutes: 60 };
    const config = await writeConfig(root, tinyConfig({ models: ['unet'], losses: ['ce'], training }));
    assertEnded(await runCommandLine(onFolder('run', config, folder.root)), 0);
  });
  after(async () => {
    killProcessesOf(root);
    await rm(root, { recursive: true, force: true });
  });

  it('that is sent SIGTERM saves its state although none is due, and goes on from it to the same bytes', async (t) => {
    const { job, expected } = await trainingAgain();
    process.env.VOLBIAS_DATA_DIR = folder.root;
    t.after(() => delete process.env.VOLBIAS_DATA_DIR);
    const runner = new ChildProcessRunner({
      folder,
      numericsOf: () => Promise.resolve({ threads: 1, tf32: false, deterministic: true }),
      libraryPath: [],
      devices: [],
    });
    const run = (onProgress: (progress: JobProgress) => void): Promise<ComputedContent> =>
      runner.run(job, { onProgress, signal: new AbortController().signal });

    const terminated = run(({ phase, done }) => {
      if (phase !== 'epoch' || done < 5) return;
      for (const { pid, role } of processesOf(folder.root)) if (role === 'computing') process.kill(pid, 'SIGTERM');
    });
    await assert.rejects(terminated, (error) => error instanceof CancelledFailure);
    assert.deepEqual(await readdir(join(folder.checkpoints, job.request.key)), ['checkpoint.bin']);

    let firstEpoch: number | undefined;
    const { files, summary } = await run(({ done }) => (firstEpoch ??= done));
    assert.ok(firstEpoch !== undefined && firstEpoch >= 5, `it went on in epoch ${String(firstEpoch)}`);
    assert.deepEqual(summary, expected.summary);
    assert.deepEqual(Object.keys(files).sort(), Object.keys(expected.files).sort());
    for (const [name, bytes] of Object.entries(files)) {
      assert.ok(bytes instanceof Uint8Array);
      assert.ok(Buffer.from(bytes).equals(await store.readFile(expected, name)), `${name} has other bytes`);
    }
  });
});
