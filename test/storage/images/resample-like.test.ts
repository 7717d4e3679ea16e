import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { reorientedGrid } from '../../../domain/image/axis-order.js';
import type { Affine, Grid } from '../../../domain/image/grid.js';
import type { LabelResampling } from '../../../domain/preprocess/mask/resample-label.js';
import { readOneImage } from '../../../storage/images/image-files.js';
import { resampleFile } from '../../../storage/images/resample-file.js';
import { assertEnded, runCommandLine } from '../../support/command-line.js';
import { gridOf, imageOf, labelOf, positionMm } from '../../support/images/image-fixtures.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const grid = gridOf([10, 9, 8], [1, 1, 1]);
const affine = (spacing: number, x: number, y: number, z: number): Affine => [
  [spacing, 0, 0, x],
  [0, spacing, 0, y],
  [0, 0, spacing, z],
];
/** 0.4 mm off along x and z. */
const shifted = gridOf([10, 9, 8], [1, 1, 1], affine(1, 0.4, 0, -0.4));
const coarse = gridOf([4, 4, 4], [2, 2, 2], affine(2, 0.7, 0.5, 0.5));
const turned = reorientedGrid(coarse, { from: [2, 0, 1], flip: [true, false, true] });
const [c, s] = [Math.cos(0.2), Math.sin(0.2)];
const rotated = gridOf(
  [8, 8, 6],
  [1, 1, 1],
  [
    [c, -s, 0, 2],
    [s, c, 0, 0],
    [0, 0, 1, 1],
  ],
);
/** Linear in space, so that linear interpolation is exact. */
const at = ([x, y, z]: readonly [number, number, number]): number => 3 * x - 2 * y + 5 * z + 100;

async function resampled(
  test: TestContext,
  values: { readonly values: Float32Array | Uint8Array },
  target: Grid,
  { mask, nearest = false }: { readonly mask?: LabelResampling; readonly nearest?: boolean } = {},
) {
  const folder = await temporaryFolder(test);
  const [input, like, output] = ['in.nii', 'like.nii', 'out.nii'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(input, encodeNifti({ grid, values: values.values }));
  writeFileSync(like, encodeNifti(imageOf(target, () => 1)));
  const settings = { like, nearest };
  const result = await resampleFile({ input, output, settings, mask, nonFinite: 'error', maxVoxels: 1e6 });
  return { ...result, image: await readOneImage(output) };
}

describe('an image resampled onto the grid of another', () => {
  const image = imageOf(grid, (x, y, z) => at([x, y, z]));

  it('has that grid, and the values that the image has there; 0 outside', async (test) => {
    for (const target of [grid, shifted, coarse, turned, rotated]) {
      const { image: found, after } = await resampled(test, image, target);
      assert.deepEqual(found.grid.shape, target.shape);
      assert.deepEqual(after.shape, target.shape);
      const [width, height] = target.shape;
      let interior = 0;
      found.values.forEach((value, index) => {
        const voxel = [
          index % width,
          Math.floor(index / width) % height,
          Math.floor(index / (width * height)),
        ] as const;
        const place = positionMm(target.affine, voxel);
        if (place.every((mm, axis) => mm >= 0 && mm <= (grid.shape[axis] ?? 0) - 1)) {
          interior++;
          assert.ok(Math.abs(value - at(place)) < 1e-3, `${place.join()}: ${value}`);
        } else if (!place.every((mm, axis) => mm >= -0.5 && mm <= (grid.shape[axis] ?? 0) - 0.5)) {
          assert.equal(value, 0);
        }
      });
      assert.ok(interior > found.values.length / 4, `${interior} interior voxels`);
    }
  });

  it('has the values of the nearest voxels on request', async (test) => {
    const { image: found } = await resampled(test, image, shifted, { nearest: true });
    assert.deepEqual(found.values, image.values);
    const { image: onTurned } = await resampled(test, image, turned, { nearest: true });
    const originals = new Set(image.values);
    assert.ok(onTurned.values.every((value) => value === 0 || originals.has(value)));
  });
});

describe('a mask resampled onto the grid of another image', () => {
  // 4 × 4 × 4 voxels.
  const mask = labelOf(grid, (x, y, z) => Math.min(x, y, z) >= 2 && Math.max(x, y, z) < 6);
  const voxels = ({ values }: { readonly values: ArrayLike<number> }): number =>
    Array.from(values).reduce((sum, value) => sum + value, 0);

  it('keeps its volume if the axes are parallel', async (test) => {
    const onShifted = await resampled(test, mask, shifted, { mask: 'volumePreserving' });
    assert.equal(voxels(onShifted.image), 64);
    assert.deepEqual(onShifted.structure, { volumeMl: 0.064, outsideMl: 0 });
    for (const target of [coarse, turned]) {
      // 64 mm³ are 8 voxels of 8 mm³.
      assert.equal(voxels((await resampled(test, mask, target, { mask: 'volumePreserving' })).image), 8);
    }
    assert.deepEqual((await resampled(test, mask, grid, { mask: 'volumePreserving' })).image.values, mask.values);
  });

  it('says what of it lies outside', async (test) => {
    // Its voxels lie from 1.5 to 5.5 mm; the grid begins at 3.5 mm along x.
    const half = gridOf([6, 9, 8], [1, 1, 1], affine(1, 4, 0, 0));
    const { image, structure } = await resampled(test, mask, half, { mask: 'volumePreserving' });
    assert.equal(voxels(image), 32);
    assert.ok(Math.abs((structure?.outsideMl ?? NaN) - 0.032) < 1e-9);
  });

  it('is interpolated onto rotated axes only if told to', async (test) => {
    await assert.rejects(resampled(test, mask, rotated, { mask: 'volumePreserving' }), {
      code: 'ARGUMENT_INVALID',
      message: /in\.nii: its axes are not parallel to those of the other image, .* use --mask linear or --nearest$/,
    });
    const { image, structure } = await resampled(test, mask, rotated, { mask: 'linear' });
    assert.deepEqual(new Set(image.values), new Set([0, 1]));
    assert.equal(structure, undefined);
  });
});

describe('volbias resample', () => {
  it('takes either a spacing or another image', async (test) => {
    const folder = await temporaryFolder(test);
    const [input, like, output] = ['in.nii', 'like.nii', 'out.nii'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(input, encodeNifti(imageOf(grid, (x) => x)));
    writeFileSync(like, encodeNifti(imageOf(coarse, () => 1)));
    const result = await runCommandLine(['resample', input, output, '--like', like]);
    assertEnded(result, 0);
    assert.equal(result.output, `10×9×8 → 4×4×4 voxels of 2×2×2 mm: ${output}\n`);
    for (const flags of [[], ['--like', like, '--spacing', '2']]) {
      const refused = await runCommandLine(['resample', input, output, ...flags]);
      assertEnded(refused, 2);
      assert.match(refused.errors, /expected either --spacing, .* or --like/);
    }
    assertEnded(await runCommandLine(['resample', input, output, '--like', join(folder, 'absent.nii')]), 1);
  });
});
