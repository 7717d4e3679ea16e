import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Grid } from '../../../domain/image/grid.js';
import { momentsOf } from '../../../domain/preprocess/moments.js';
import type { PreparedCase } from '../../../domain/preprocess/preprocess-case.js';
import type { ArtifactContent } from '../../../storage/store/artifact-store.js';
import {
  encodePreparedCase,
  readOriginalStructure,
  readPreparedSummary,
  readPreparedVoxels,
} from '../../../storage/cases/prepared-cases.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { openTestStore, workOf } from '../../support/sweeps/test-store.js';

const grid: Grid = {
  shape: [2, 3, 2],
  spacingMm: [2, 2, 2],
  affine: [
    [2, 0, 0, -1],
    [0, 2, 0, -2],
    [0, 0, 2, -3],
  ],
};
const values = (offset: number): Float32Array => Float32Array.from({ length: 12 }, (_, i) => offset + i / 3);
const images = [values(0), values(100)].map((one) => ({ grid, values: one }));
const prepared: PreparedCase = {
  grid,
  images,
  label: { grid, values: Uint8Array.from({ length: 12 }, (_, i) => i % 2) },
  original: {
    label: {
      grid: { ...grid, shape: [4, 3, 2], spacingMm: [1, 2, 2] },
      values: Uint8Array.from({ length: 24 }, (_, i) => ((i >= 5 && i < 11) || i === 23 ? 1 : 0)),
    },
    axes: [
      { length: 2, start: 0.5, step: 2 },
      { length: 3, start: 0, step: 1 },
      { length: 2, start: 0, step: 1 },
    ],
  },
  moments: images.map((image) => momentsOf(image.values)),
  quality: {
    structureVoxelsBefore: 6,
    structureVoxelsAfter: 6,
    volumeBefore: 0.048,
    volumeAfter: 0.048,
    unpredictable: { fieldOfView: 0, crop: 0, margin: 0, mask: 0 },
    intensities: [{ lowest: 0, highest: 11 }],
  },
};

describe('a prepared case', () => {
  it('is read back from the store bit for bit, with and without a mask', async (test) => {
    const { store } = openTestStore(await temporaryFolder(test));
    const mask = { grid, values: Uint8Array.from({ length: 12 }, (_, i) => (i < 6 ? 1 : 0)) };
    for (const one of [prepared, { ...prepared, mask }]) {
      const { digest } = await store.put(workOf('a'), encodePreparedCase(one));
      const voxels = await readPreparedVoxels(store, digest);
      assert.deepEqual(
        voxels.images.map((image) => [...image]),
        images.map((image) => [...image.values]),
      );
      assert.deepEqual([...voxels.label], [...prepared.label.values]);
      assert.deepEqual(voxels.mask && [...voxels.mask], 'mask' in one ? [...mask.values] : undefined);
      assert.deepEqual(voxels.grid, grid);
      const { moments, quality, channels } = await readPreparedSummary(store, digest);
      assert.deepEqual(
        { moments, quality, channels },
        { moments: prepared.moments, quality: prepared.quality, channels: 2 },
      );
    }
  });

  it('comes back with soft labels, and with the mask as it was drawn', async (test) => {
    const { store } = openTestStore(await temporaryFolder(test));
    const label = { grid, values: Float32Array.from({ length: 12 }, (_, i) => i / 11) };
    const { digest } = await store.put(workOf('a'), encodePreparedCase({ ...prepared, label }));
    assert.deepEqual((await readPreparedVoxels(store, digest)).label, label.values);
    assert.deepEqual(await readOriginalStructure(store, digest), prepared.original);
  });

  it('is refused if the length of its files contradicts its shape', async (test) => {
    const { store } = openTestStore(await temporaryFolder(test));
    const content = encodePreparedCase(prepared);
    const whole = content.files['label.nii'] as Uint8Array;
    const cut: ArtifactContent = { ...content, files: { ...content.files, 'label.nii': whole.subarray(0, -1) } };
    const { digest } = await store.put(workOf('a'), cut);
    await assert.rejects(readPreparedVoxels(store, digest), { code: 'STORE_CORRUPT', message: /label\.nii/ });
  });
});
