import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { flipBit } from '../support/damage.js';
import { filesBelow } from '../support/sweeps/sweep-folders.js';
import type { DisturbedSweep } from './fault-bench.js';
import { objectPath, openTestStore } from '../support/sweeps/test-store.js';
import { training, type Fault } from './moments.js';

/** Files that are damaged between a killed run and the next one. */
function damaged(what: string, damage: (sweep: DisturbedSweep) => Promise<void>): Fault {
  const moment = training;
  return {
    what,
    when: moment.when,
    happen: async (sweep) => {
      const run = sweep.start({ at: moment.at });
      await sweep.held(run);
      sweep.killAll();
      await run.ended;
      await damage(sweep);
      await sweep.resume();
    },
  };
}

async function checkpoints({ folder }: DisturbedSweep): Promise<string[]> {
  const found = (await filesBelow(join(folder, 'checkpoints'))).filter((path) => path.endsWith('.bin'));
  assert.ok(found.length > 0, 'there is no checkpoint to damage');
  return found;
}

/** The files with the voxels of the prepared cases. */
async function preparedVoxels(sweep: DisturbedSweep): Promise<string[]> {
  const { folder, store } = openTestStore(sweep.folder);
  const cases = (await sweep.records('artifact')).filter(({ spec }) => spec.unit === 'preprocess one case');
  const manifests = await Promise.all(cases.map(({ spec }) => store.manifest(String(spec.digest))));
  const images = manifests.flatMap(({ files }) => files['images.nii']?.digest ?? []);
  assert.ok(new Set(images).size > 1, 'there are not two cases to damage');
  return images.map((digest) => objectPath(folder, digest));
}

async function overwriteWithZeros(path: string): Promise<void> {
  await writeFile(path, new Uint8Array((await readFile(path)).length));
}

/** Every prepared image has one voxel that is another number: the highest bit of an exponent. */
export const flippedArtifacts = damaged('a flipped bit in each prepared case', async (sweep) => {
  for (const path of await preparedVoxels(sweep)) await flipBit(path, 403);
});

export const damagedFiles: readonly Fault[] = [
  flippedArtifacts,
  damaged('a flipped bit in the last checkpoint', async (sweep) => {
    const [last] = (await checkpoints(sweep)).filter((path) => path.endsWith('checkpoint.bin'));
    if (last !== undefined) await flipBit(last, 400);
  }),
  damaged('every checkpoint cut in half', async (sweep) => {
    for (const path of await checkpoints(sweep)) await truncate(path, Math.floor((await readFile(path)).length / 2));
  }),
  damaged('zeros instead of every checkpoint', async (sweep) => {
    for (const path of await checkpoints(sweep)) await overwriteWithZeros(path);
  }),
  damaged('zeros instead of each prepared case', async (sweep) => {
    for (const path of await preparedVoxels(sweep)) await overwriteWithZeros(path);
  }),
  damaged('another case’s bytes instead of a prepared case', async (sweep) => {
    const [one = '', other = ''] = await preparedVoxels(sweep);
    await writeFile(one, await readFile(other));
  }),
  damaged('each prepared case cut in half', async (sweep) => {
    for (const path of await preparedVoxels(sweep)) await truncate(path, Math.floor((await readFile(path)).length / 2));
  }),
];
