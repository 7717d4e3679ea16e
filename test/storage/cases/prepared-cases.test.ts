import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Grid } from '../../../domain/image/grid.js';
import { momentsOf } from '../../../domain/preprocess/moments.js';
import type { PreparedCase } from '../../../domain/preprocess/preprocess-case.js';
import type { ArtifactContent } from '../../../storage/store/artifact-store.js';
import { encodePreparedCase, readPreparedSummary, readPreparedVoxels } from '../../../storage/cases/prepared-cases.js';
import { normalisationOf, type CaseStatistics, type UnitCases } from '../../../storage/cases/unit-cases.js';
import { parsedTinyConfig } from '../../support/sweeps/plan-of.js';
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
  moments: images.map((image) => momentsOf(image.values)),
  quality: {
    structureVoxelsBefore: 6,
    structureVoxelsAfter: 6,
    volumeBefore: 0.048,
    volumeAfter: 0.048,
    croppedAwayStructureVoxels: 0,
    intensities: [{ lowest: 0, highest: 11 }],
  },
};

describe('a prepared case', () => {
  it('comes back from the store bit by bit, with and without a mask', async (test) => {
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

  it('is refused where its files are not as long as its shape says', async (test) => {
    const { store } = openTestStore(await temporaryFolder(test));
    const content = encodePreparedCase(prepared);
    const whole = content.files['label.nii'] as Uint8Array;
    const cut: ArtifactContent = { ...content, files: { ...content.files, 'label.nii': whole.subarray(0, -1) } };
    const { digest } = await store.put(workOf('a'), cut);
    await assert.rejects(readPreparedVoxels(store, digest), { code: 'STORE_CORRUPT', message: /label\.nii/ });
  });
});

describe('what a case is normalised by', () => {
  const statisticsOf = (id: string, ...of: number[]): CaseStatistics => ({
    id,
    participant: id,
    artifact: '',
    images: '',
    moments: [momentsOf(Float32Array.from(of))],
    quality: prepared.quality,
  });
  const [one, two, heldOut] = [
    statisticsOf('one', 0, 2),
    statisticsOf('two', 4, 6),
    statisticsOf('held out', 100, 104),
  ];

  function normalisedBy(scope: 'dataset' | 'training' | 'case'): { mean: number; deviation: number } | undefined {
    const [dataSet] = parsedTinyConfig().dataSets;
    assert.ok(dataSet);
    const preprocessing = { ...dataSet.preprocessing, normalisation: { scope } };
    const cases = { dataSet: { ...dataSet, preprocessing }, training: [one, two], heldOut: [heldOut] };
    return normalisationOf(cases as unknown as UnitCases, heldOut)[0];
  }

  it('is the training cases alone, so that nothing of the held-out fold leaks', () => {
    // 0, 2, 4, 6: mean 3, variance (9 + 1 + 1 + 9) / 4 = 5.
    assert.deepEqual(normalisedBy('training'), { mean: 3, deviation: Math.sqrt(5) });
  });

  it('is all cases, or the case itself, where the config says so', () => {
    assert.equal(normalisedBy('dataset')?.mean, (0 + 2 + 4 + 6 + 100 + 104) / 6);
    assert.deepEqual(normalisedBy('case'), { mean: 102, deviation: 2 });
  });
});
