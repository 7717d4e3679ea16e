import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { spacingOf, voxelVolumeMm3 } from '../../../domain/image/affine.js';
import type { Affine } from '../../../domain/image/grid.js';
import { countStructure } from '../../../domain/preprocess/mask/mask.js';
import { mapOntoOriginal } from '../../../domain/preprocess/onto-original.js';
import {
  preprocessCase,
  type PreparedCase,
  type PreprocessSettings,
} from '../../../domain/preprocess/preprocess-case.js';
import { gridOf, imageOf, labelOf, positionMm } from '../../support/images/image-fixtures.js';

// CT with its gantry tilted by 20°: slices of 1×1 mm, 3 mm apart along an axis that leans towards y.
const tilt = (20 * Math.PI) / 180;
const affine: Affine = [
  [1, 0, 0, -30],
  [0, 1, 3 * Math.sin(tilt), -30 - 36 * Math.sin(tilt)],
  [0, 0, 3 * Math.cos(tilt), -36 * Math.cos(tilt)],
];
const grid = gridOf([61, 61, 25], [1, 1, 3], affine);
const radius = 20;
const ball = labelOf(grid, (x, y, z) => Math.hypot(...positionMm(affine, [x, y, z])) <= radius);
const ballMl = ((4 / 3) * Math.PI * radius ** 3) / 1000;

function prepare(changes: Partial<PreprocessSettings>): PreparedCase {
  const image = imageOf(grid, (x, y, z) => x + y + z);
  return preprocessCase({
    images: [{ modality: 'CT', source: 'ct.nii', image }],
    label: { source: 'label.nii', map: ball },
    settings: {
      ...{ dimensions: 3, spacingMm: 2, resampling: 'centred', labelResampling: 'volumePreserving' },
      ...{ mask: 'none', crop: [40, 40, 40], margin: 0 },
      ...changes,
    },
  });
}

describe('an image with a gantry tilt of 20°', () => {
  it('has the volume of the ball in it, before and after resampling', () => {
    const { quality, grid: prepared } = prepare({});
    // Counting voxel centres in a ball of this size misses less than half a per cent; the product of spacings, 6.4 %.
    assert.ok(Math.abs(quality.volumeBefore / ballMl - 1) < 0.005, String(quality.volumeBefore / ballMl));
    const halfVoxelMl = voxelVolumeMm3(prepared) / 2000;
    assert.ok(Math.abs(quality.volumeAfter - quality.volumeBefore) <= halfVoxelMl + 1e-9);
    const soft = prepare({ labelResampling: 'soft' }).quality;
    // Shares are stored in single precision.
    assert.ok(Math.abs(soft.volumeAfter / soft.volumeBefore - 1) < 1e-6);
    assert.deepEqual(quality.unpredictable, { fieldOfView: 0, crop: 0, margin: 0, mask: 0 });
  });

  it('has the same volume again when the prepared mask is carried back onto it', () => {
    const { label, original, grid: prepared } = prepare({});
    const back = mapOntoOriginal({
      values: Float32Array.from(label.values),
      originalShape: grid.shape,
      axes: original.axes,
    });
    const there = countStructure(label) * voxelVolumeMm3(prepared);
    const here = back.values.reduce((sum, value) => sum + value, 0) * voxelVolumeMm3(grid);
    assert.equal(back.outside, 0);
    assert.ok(Math.abs(here / there - 1) < 1e-12);
  });

  it('has voxels of the new spacing along its own axes, and cos 20° of the volume of a cube', () => {
    const { grid: prepared, quality } = prepare({});
    for (const length of spacingOf(prepared.affine)) assert.ok(Math.abs(length - 2) < 1e-12);
    assert.ok(Math.abs(voxelVolumeMm3(prepared) / (8 * Math.cos(tilt)) - 1) < 1e-12);
    // x and y lie in the slices, so that the step of z rises by the distance between these.
    assert.ok(Math.abs(prepared.affine[2][2] - 2 * Math.cos(tilt)) < 1e-12);
    assert.ok(Math.abs((quality.shearDegrees ?? NaN) - 20) < 1e-9);
  });
});
