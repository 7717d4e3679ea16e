import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { inspectFile } from '../../../storage/images/inspect-file.js';
import { readSweepContentFor } from '../../../storage/sweeps/sweep-content.js';
import { prepareDataSet } from '../../support/data/prepare-data-set.js';
import { hippocampusFolder, repositoryRoot } from '../../support/paths.js';

interface Measured {
  readonly shape: readonly number[];
  readonly lowest: number;
  readonly highest: number;
  readonly mean: number;
  readonly structureVoxels: number;
}

interface Expected extends Measured {
  readonly voxelType: string;
  readonly spacingMm: readonly number[];
  readonly prepared: Measured & { readonly deviation: number };
}

/** The results of nibabel and SimpleITK for each case, by its id; made by make.py beside the file. */
const expected = JSON.parse(readFileSync(join(hippocampusFolder, 'expected.json'), 'utf8')) as Record<string, Expected>;

const folder = mkdtempSync(join(tmpdir(), 'volbias-hippocampus-'));
after(() => {
  rmSync(folder, { recursive: true });
});

/** Resampled values are stored in single precision. */
function assertNear(found: number, value: number): void {
  assert.ok(Math.abs(found - value) <= 1e-6 * Math.max(1, Math.abs(value)), `${found} instead of ${value}`);
}

describe('ten real cases of the Decathlon’s hippocampus task', () => {
  for (const [id, reference] of Object.entries(expected)) {
    it(`${id} is read as nibabel reads it`, async () => {
      const image = await inspectFile(join(hippocampusFolder, 'imagesTr', `${id}.nii.gz`));
      assert.deepEqual(image.shape, reference.shape);
      assert.deepEqual(image.spacingMm, reference.spacingMm);
      assert.equal(image.dataType, reference.voxelType);
      assert.deepEqual([image.min, image.max], [reference.lowest, reference.highest]);
      assertNear(image.mean ?? NaN, reference.mean);
      const label = await inspectFile(join(hippocampusFolder, 'labelsTr', `${id}.nii.gz`));
      const structure = (label.maskValues ?? []).filter(({ value }) => value > 0);
      assert.deepEqual(
        structure.map(({ value }) => value),
        [1, 2],
      );
      assert.equal(
        structure.reduce((sum, { voxels }) => sum + voxels, 0),
        reference.structureVoxels,
      );
    });
  }

  it('are preprocessed by configs/hippocampus.yaml, except for their masks, as by SimpleITK', async () => {
    const { dataSets } = (await readSweepContentFor(join(repositoryRoot, 'configs', 'hippocampus.yaml'))).config;
    const label = { greaterThan: 0, resampling: 'linear' };
    const prepared = await prepareDataSet(folder, { ...dataSets[0], label, name: 'own', path: hippocampusFolder });
    const { cases } = prepared.statistics;
    assert.deepEqual(
      cases.map(({ id }) => id),
      Object.keys(expected),
    );
    for (const { id, moments, quality } of cases) {
      const { structureVoxels, prepared: reference } = expected[id] as Expected;
      const { grid } = await prepared.voxels(id);
      assert.deepEqual([grid.shape, grid.spacingMm], [reference.shape, [2, 2, 2]]);
      assert.deepEqual(
        [quality.structureVoxelsBefore, quality.structureVoxelsAfter],
        [structureVoxels, reference.structureVoxels],
      );
      // A voxel is 0.001 ml at 1 mm and 0.008 ml at 2 mm.
      assertNear(quality.volumeBefore, 0.001 * structureVoxels);
      assertNear(quality.volumeAfter, 0.008 * reference.structureVoxels);
      const [values] = moments;
      assertNear(values?.mean ?? NaN, reference.mean);
      assertNear(Math.sqrt((values?.m2 ?? NaN) / (values?.count ?? NaN)), reference.deviation);
      assertNear(quality.intensities[0]?.lowest ?? NaN, reference.lowest);
      assertNear(quality.intensities[0]?.highest ?? NaN, reference.highest);
    }
  });

  it('keep their volumes by configs/hippocampus.yaml to half a percent, but for what its grid does not hold', async () => {
    const { dataSets } = (await readSweepContentFor(join(repositoryRoot, 'configs', 'hippocampus.yaml'))).config;
    const prepared = await prepareDataSet(folder, { ...dataSets[0], name: 'own', path: hippocampusFolder });
    assert.equal(prepared.statistics.cases.length, 10);
    for (const { id, quality } of prepared.statistics.cases) {
      const { volumeBefore, volumeAfter, structureVoxelsAfter, unpredictable } = quality;
      assert.ok(structureVoxelsAfter >= 100);
      const change = volumeAfter / (volumeBefore - unpredictable.fieldOfView) - 1;
      assert.ok(Math.abs(change) <= 0.005, `${id}: ${String(change)}`);
    }
  });
});
