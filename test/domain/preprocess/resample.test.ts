import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { axes, perAxis, voxelCount, type Affine, type Triple } from '../../../domain/image/grid.js';
import { resampledAxis } from '../../../domain/preprocess/resampled-axis.js';
import {
  gridOf,
  imageOf,
  imageReference,
  labelOf,
  largestDifference,
  positionMm,
} from '../../support/images/image-fixtures.js';
import { resampleLabel } from '../../../domain/preprocess/mask/resample-label.js';
import { resampledGrid, resampleImage } from '../../../domain/preprocess/resample.js';

interface Reference {
  readonly shape: Triple;
  readonly spacing: Triple;
  readonly affine: Affine;
  readonly values: readonly number[];
  readonly itk: { readonly shape: Triple; readonly affine: Affine; readonly values: readonly number[] };
  readonly zoom: { readonly shape: Triple; readonly values: readonly number[] };
}

const itk = { spacingMm: 2, resampling: 'centred' } as const;
const scipyZoom = { spacingMm: 2, resampling: 'scipyZoom' } as const;
const linear = <T>(settings: T) => ({ ...settings, labelResampling: 'linear' }) as const;

describe('resampling against SimpleITK and SciPy', () => {
  for (const [name, reference] of Object.entries(imageReference<Reference>('resample.json'))) {
    const { shape, spacing, affine } = reference;
    const image = { grid: gridOf(shape, spacing, affine), values: Float32Array.from(reference.values) };

    it(`${name}: itk gives the size, place and values of SimpleITK's ResampleImageFilter (linear)`, () => {
      const resampled = resampleImage(image, itk);
      assert.deepEqual(resampled.grid.shape, reference.itk.shape);
      assert.ok(largestDifference(resampled.grid.affine.flat(), reference.itk.affine.flat()) < 1e-9);
      // Every voxel, the half voxels at the edge included; the intensity range is about 6.
      assert.ok(largestDifference(resampled.values, reference.itk.values) < 1e-5);
    });

    it(`${name}: scipyZoom gives the size and values of scipy.ndimage.zoom (order 1)`, () => {
      const resampled = resampleImage(image, scipyZoom);
      assert.deepEqual(resampled.grid.shape, reference.zoom.shape);
      assert.ok(largestDifference(resampled.values, reference.zoom.values) < 1e-5);
    });
  }
});

interface NearestReference {
  readonly shape: Triple;
  readonly spacing: Triple;
  readonly affine: Affine;
  readonly values: readonly number[];
  readonly nearest: readonly number[];
  readonly ties: readonly number[];
  readonly maskLinear: readonly number[];
  readonly zoomNearest: readonly number[];
}

describe('nearest neighbour and masks against SimpleITK and SciPy', () => {
  // test/fixtures/images/make_nearest.py wrote these, and says where ties are and why they are left out.
  for (const [name, reference] of Object.entries(imageReference<NearestReference>('resample-masks.json'))) {
    const grid = gridOf(reference.shape, reference.spacing, reference.affine);
    const image = { grid, values: Float32Array.from(reference.values) };

    it(`${name}: itk and nearest give the values of SimpleITK's ResampleImageFilter (nearest neighbour)`, () => {
      const { values } = resampleImage(image, { ...itk, nearest: true });
      // On the grid that is not rotated ITK sees halves as such, and takes the higher index.
      const compared = reference.nearest.flatMap((_, i) => (reference.ties[i] === 1 && name !== 'plain' ? [] : [i]));
      const chosen = (all: ArrayLike<number>): number[] => compared.map((i) => all[i] ?? NaN);
      assert.ok(compared.length > 50);
      assert.ok(largestDifference(chosen(values), chosen(reference.nearest)) < 1e-6);
    });

    it(`${name}: scipyZoom and nearest give the values of scipy.ndimage.zoom (order 0)`, () => {
      const { values } = resampleImage(image, { ...scipyZoom, nearest: true });
      assert.ok(largestDifference(values, reference.zoomNearest) < 1e-6);
    });

    it(`${name}: a mask is SimpleITK's linear resampling of it, from one half on`, () => {
      const { values } = resampleLabel(
        labelOf(grid, (x, y, z) => (reference.values[x + grid.shape[0] * (y + grid.shape[1] * z)] ?? NaN) > 0),
        linear(itk),
      );
      // ITK leaves a half at 0.4999999 as often as not; here ties count as structure.
      const wanted = reference.maskLinear.map((value) => (value >= 0.5 - 1e-5 ? 1 : 0));
      assert.deepEqual([...values], wanted);
    });
  }
});

const lengths = fc.integer({ min: 1, max: 40 });
const sizes = fc.double({ min: 0.3, max: 7, noNaN: true });

describe('the two conventions', () => {
  it('itk keeps the centre of the field of view, and no new centre leaves it', () => {
    fc.assert(
      fc.property(lengths, sizes, sizes, (length, spacingMm, newSpacingMm) => {
        const axis = resampledAxis('centred', { length, spacingMm, newSpacingMm });
        const last = axis.start + (axis.length - 1) * axis.step;
        assert.ok(Math.abs((axis.start + last) / 2 - (length - 1) / 2) < 1e-9);
        assert.ok(axis.start >= -0.5 - 1e-5 && last <= length - 0.5 + 1e-5);
      }),
    );
  });

  it('scipyZoom aligns the first and the last centre', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), sizes, sizes, (length, spacingMm, newSpacingMm) => {
        const axis = resampledAxis('scipyZoom', { length, spacingMm, newSpacingMm });
        assert.equal(axis.start, 0);
        if (axis.length > 1) assert.ok(Math.abs((axis.length - 1) * axis.step - (length - 1)) < 1e-9);
      }),
    );
  });

  it('sizes round halves to the even number, as Python does, also where a header has rounded the spacing', () => {
    const size = (length: number, spacingMm: number): number =>
      resampledAxis('centred', { length, spacingMm, newSpacingMm: 2 }).length;
    assert.deepEqual(
      [33, 35, 37, 39].map((length) => size(length, 1)),
      [16, 18, 18, 20],
    );
    assert.deepEqual(
      [33, 35].map((length) => size(length, 1.0000001)),
      [16, 18],
    );
    assert.deepEqual(
      [33, 35].map((length) => size(length, 0.9999999)),
      [16, 18],
    );
    assert.equal(size(1, 0.5), 1);
  });

  it('the same spacing changes nothing', () => {
    const image = imageOf(gridOf([5, 4, 3], [2, 2, 2]), (x, y, z) => x * 7 - y * y + z);
    for (const settings of [itk, scipyZoom]) assert.deepEqual(resampleImage(image, settings), image);
  });

  it('a linear ramp in space keeps its values at interior voxels', () => {
    const grid = gridOf([12, 10, 8], [1, 1.3, 3]);
    const ramp = (position: Triple): number => position[0] - 2 * position[1] + 0.5 * position[2];
    const image = imageOf(grid, (x, y, z) => ramp(positionMm(grid.affine, [x, y, z])));
    for (const settings of [itk, scipyZoom]) {
      const resampled = resampleImage(image, settings);
      const [sizeX, sizeY, sizeZ] = resampled.grid.shape;
      const { values } = imageOf(resampled.grid, (x, y, z) => ramp(positionMm(resampled.grid.affine, [x, y, z])));
      const interior = imageOf(resampled.grid, (x, y, z) =>
        x > 0 && y > 0 && z > 1 && x < sizeX - 1 && y < sizeY - 1 && z < sizeZ - 2 ? 1 : 0,
      ).values;
      interior.forEach((inside, i) => {
        if (inside === 1) assert.ok(Math.abs((values[i] ?? NaN) - (resampled.values[i] ?? NaN)) < 1e-4);
      });
      assert.ok(interior.includes(1));
    }
  });

  it('a single slice is repeated over its thickness', () => {
    for (const settings of [itk, scipyZoom]) {
      const image = imageOf(gridOf([4, 4, 1], [2, 2, 6]), (x) => x);
      const resampled = resampleImage(image, settings);
      assert.deepEqual(resampled.grid.shape, [4, 4, 3]);
      assert.deepEqual(resampled.grid.spacingMm, [2, 2, 2]);
      for (const z of [0, 1, 2]) assert.deepEqual(resampled.values.slice(16 * z, 16 * z + 16), image.values);
    }
  });

  it('scipyZoom to a single voxel shows the first, as SciPy does', () => {
    const image = imageOf(gridOf([4, 1, 1], [0.5, 2, 2]), (x) => x + 5);
    assert.deepEqual([...resampleImage(image, scipyZoom).values], [5]);
  });
});

describe('linear resampling of masks', () => {
  it('ties count as structure: a plane through the middle of new voxels is kept on both sides', () => {
    const grid = gridOf([8, 8, 8]);
    const half = labelOf(grid, (x) => x % 2 === 0); // every new voxel is exactly half covered
    assert.ok(resampleLabel(half, linear(itk)).values.every((value: number) => value === 1));
  });

  it('a spacing of 1.0000001 decides no tie', () => {
    const spacing: Triple = [1.0000001, 0.9999999, 1.0000001];
    const half = labelOf(gridOf([64, 64, 8], spacing), (x) => x % 2 === 0);
    assert.ok(resampleLabel(half, linear(itk)).values.every((value: number) => value === 1));
  });

  it('equals the resampled image of the mask, above one half', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), sizes, (inside, spacing) => {
        const label = labelOf(gridOf([5, 4, 3], [spacing, 1, 1]), (x, y, z) => inside[x + 5 * (y + 4 * z)] === true);
        const resampled = resampleLabel(label, linear(itk));
        const image = resampleImage({ grid: label.grid, values: Float32Array.from(label.values) }, itk);
        image.values.forEach((value, i) => {
          if (Math.abs(value - 0.5) > 1e-3) assert.equal(resampled.values[i], value > 0.5 ? 1 : 0);
        });
      }),
    );
  });

  it('the grid of the result is the one that resampledGrid states', () => {
    const label = labelOf(gridOf([7, 6, 5], [0.7, 3, 2]), () => true);
    const resampled = resampleLabel(label, linear(scipyZoom));
    assert.deepEqual(resampled.grid, resampledGrid(label.grid, scipyZoom));
    assert.equal(resampled.values.length, voxelCount(resampled.grid.shape));
    const wanted = perAxis(
      (axis) => ((label.grid.shape[axis] - 1) * label.grid.spacingMm[axis]) / (resampled.grid.shape[axis] - 1),
    );
    for (const axis of axes) assert.ok(Math.abs(resampled.grid.spacingMm[axis] - wanted[axis]) < 1e-12);
  });
});
