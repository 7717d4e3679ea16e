import assert from 'node:assert/strict';
import test from 'node:test';

import { diagonalAffine } from '../../../domain/image/affine.js';
import { voxelCount, type Grid, type Triple } from '../../../domain/image/grid.js';
import { mapOntoOriginal, roiMapOntoOriginal } from '../../../domain/preprocess/onto-original.js';
import { resampleImage } from '../../../domain/preprocess/resample.js';
import { cutRoi } from '../../../domain/preprocess/roi.js';
import { randomStream } from '../../../domain/random/random-stream.js';

const gridOf = (shape: Triple, spacingMm: Triple): Grid => ({ shape, spacingMm, affine: diagonalAffine(spacingMm) });

/** Values of a function of position, voxel by voxel. */
function filled(shape: Triple, at: (x: number, y: number, z: number) => number): Float32Array {
  const values = new Float32Array(voxelCount(shape));
  let index = 0;
  for (let z = 0; z < shape[2]; z++) {
    for (let y = 0; y < shape[1]; y++) for (let x = 0; x < shape[0]; x++) values[index++] = at(x, y, z);
  }
  return values;
}

for (const resampling of ['itk', 'scipyZoom'] as const) {
  test(`${resampling}: a map that is linear in space comes back from the prepared grid as it was, but for the border`, () => {
    const grid = gridOf([13, 10, 9], [1, 1.5, 3]);
    const values = filled(grid.shape, (x, y, z) => 0.1 + 0.02 * x + 0.03 * y + 0.04 * z);
    const settings = { spacingMm: 2, resampling };
    const prepared = resampleImage({ grid, values }, settings);
    const back = mapOntoOriginal({ values: prepared.values, shape: prepared.grid.shape }, grid, settings);
    const inside = (index: number, length: number): boolean => index >= 2 && index < length - 2;
    let compared = 0;
    values.forEach((value, index) => {
      const [x, y, z] = [index % 13, Math.floor(index / 13) % 10, Math.floor(index / 130)];
      if (!inside(x, 13) || !inside(y, 10) || !inside(z, 9)) return;
      assert.ok(Math.abs((back[index] as number) - value) < 1e-6, `${String(x)}, ${String(y)}, ${String(z)}`);
      compared++;
    });
    assert.equal(compared, 9 * 6 * 5);
  });
}

test('without a change of spacing the map comes back as it is', () => {
  const grid = gridOf([5, 4, 3], [2, 2, 2]);
  const random = randomStream('onto original');
  const values = filled(grid.shape, () => random.uniform());
  const settings = { spacingMm: 2, resampling: 'itk' } as const;
  assert.deepEqual(mapOntoOriginal({ values, shape: grid.shape }, grid, settings), values);
});

test('a constant map stays constant on any grid', () => {
  const grid = gridOf([7, 3, 2], [0.9, 1.7, 6]);
  const settings = { spacingMm: 2, resampling: 'itk' } as const;
  const { grid: prepared } = resampleImage({ grid, values: new Float32Array(42) }, settings);
  const map = { values: new Float32Array(voxelCount(prepared.shape)).fill(0.625), shape: prepared.shape };
  assert.deepEqual(mapOntoOriginal(map, grid, settings), new Float32Array(42).fill(0.625));
});

test('a region of interest goes back to its place: linear between the blocks, 0 outside, cut at the border', () => {
  const grid = gridOf([20, 16, 1], [1, 1, 1]);
  const values = filled(grid.shape, (x, y) => 1 + 0.01 * x + 0.02 * y);
  const roi = { left: 11, top: 3, sizePixels: 12, downsample: 3 };
  const region = cutRoi({ grid, values }, roi);
  const back = roiMapOntoOriginal({ values: region.values, shape: region.grid.shape }, grid.shape, roi);
  values.forEach((value, index) => {
    const [x, y] = [index % 20, Math.floor(index / 20)];
    const result = back[index] as number;
    if (x < 11 || y < 3 || y > 14) assert.equal(result, 0, `${String(x)}, ${String(y)}`);
    // Between the centres of blocks that lie in the picture wholly.
    else if (x >= 12 && x <= 18 && y >= 4 && y <= 13) {
      assert.ok(Math.abs(result - value) < 1e-6, `${String(x)}, ${String(y)}: ${String(result)} and ${String(value)}`);
    } else assert.ok(result > 0);
  });
});
