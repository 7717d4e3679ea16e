import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { voxelCount, type Affine, type Triple } from '../../../domain/image/grid.js';
import { resampleLabel } from '../../../domain/preprocess/mask/resample-label.js';
import { resampledAxis } from '../../../domain/preprocess/resampled-axis.js';
import { resampleImage } from '../../../domain/preprocess/resample.js';
import { smoothForSpacing } from '../../../domain/preprocess/smooth.js';
import { gridOf, imageOf, imageReference, labelOf, largestDifference } from '../../support/images/image-fixtures.js';

interface Reference {
  readonly shape: Triple;
  readonly spacing: Triple;
  readonly affine: Affine;
  readonly new: number;
  readonly values: readonly number[];
  readonly origin: { readonly shape: Triple; readonly affine: Affine; readonly values: readonly number[] };
  readonly smoothed: readonly number[];
  readonly smoothedOrigin: readonly number[];
  readonly smoothedZoom: readonly number[];
}

describe('resampling from the origin, and smoothing before it, against SimpleITK and SciPy', () => {
  // test/fixtures/images/make_origin.py wrote these.
  for (const [name, own] of Object.entries(imageReference<Reference>('resample-origin.json'))) {
    const { shape, spacing, affine, values, new: spacingMm, ...reference } = own;
    const image = { grid: gridOf(shape, spacing, affine), values: Float32Array.from(values) };

    it(`${name} mm: origin gives the size, place and values of SimpleITK's Resample with the origin of the input`, () => {
      const resampled = resampleImage(image, { spacingMm, resampling: 'origin' });
      assert.deepEqual(resampled.grid.shape, reference.origin.shape);
      assert.ok(largestDifference(resampled.grid.affine.flat(), reference.origin.affine.flat()) < 1e-9);
      // The intensity range is about 6.
      assert.ok(largestDifference(resampled.values, reference.origin.values) < 1e-5);
    });

    it(`${name} mm: smoothing gives the values of gaussian_filter`, () => {
      assert.ok(largestDifference(smoothForSpacing(image, spacingMm), reference.smoothed) < 1e-6);
    });

    it(`${name} mm: smoothed images are resampled as SimpleITK and zoom do it`, () => {
      const settings = { spacingMm, antiAlias: 'gaussian' } as const;
      const origin = resampleImage(image, { ...settings, resampling: 'origin' });
      assert.ok(largestDifference(origin.values, reference.smoothedOrigin) < 1e-5);
      const zoomed = resampleImage(image, { ...settings, resampling: 'scipyZoom' });
      assert.ok(largestDifference(zoomed.values, reference.smoothedZoom) < 1e-5);
    });
  }

  it('on the border of the field of view and beyond, origin gives 0', () => {
    const { grid, values } = resampleImage(
      imageOf(gridOf([2, 1, 1]), () => 5),
      { spacingMm: 0.5, resampling: 'origin' },
    );
    assert.deepEqual(grid.shape, [4, 2, 2]);
    // Centres at 0, 0.5 and 1 are inside; 1.5 is on the border, as is 0.5 along the axes of one voxel.
    assert.deepEqual([...values], [5, 5, 5, 0, ...new Array<number>(12).fill(0)]);
  });
});

describe('the size of scipyZoom', () => {
  it('is that of scipy.ndimage.zoom, also next to a half', () => {
    const rows = imageReference<[number, number, number, number][]>('zoom-sizes.json').rows ?? [];
    assert.ok(rows.length > 1000);
    const size = (length: number, spacingMm: number, newSpacingMm: number): number =>
      resampledAxis('scipyZoom', { length, spacingMm, newSpacingMm }).length;
    const wrong = rows.filter(([length, spacing, newSpacing, wanted]) => size(length, spacing, newSpacing) !== wanted);
    assert.deepEqual(wrong, []);
    // 27 voxels of 0.9999999 mm are 13.4999987 of 2 mm: 13 for SciPy, the half 13.5 and so 14 for a blurred header.
    assert.equal(size(27, 0.9999999, 2), 13);
    assert.equal(resampledAxis('centred', { length: 27, spacingMm: 0.9999999, newSpacingMm: 2 }).length, 14);
  });
});

describe('smoothing before voxels become larger', () => {
  it('changes nothing along axes whose voxels do not, and keeps the sum of what is far from an edge', () => {
    const grid = gridOf([9, 9, 9], [1, 2, 3]);
    const point = imageOf(grid, (x, y, z) => (x === 4 && y === 4 && z === 4 ? 1 : 0));
    const values = Float32Array.from(smoothForSpacing(point, 2));
    const kept = values.filter((value) => value !== 0).length;
    // f = 2: σ = 0.5, so the kernel has 2 · 2 + 1 weights, along x alone.
    assert.equal(kept, 5);
    const sum = values.reduce((total, value) => total + value, 0);
    assert.ok(Math.abs(sum - 1) < 1e-6);
    const variance = values.reduce((total, value, at) => total + value * ((at % 9) - 4) ** 2, 0);
    // The samples of a Gaussian of σ² = (f² − 1)/12 = 0.25 at 0, ±1 and ±2 are 1, e⁻² and e⁻⁸, before they are normalised.
    const [near, far] = [Math.exp(-2), Math.exp(-8)];
    assert.ok(Math.abs(variance - (2 * near + 8 * far) / (1 + 2 * near + 2 * far)) < 1e-6);
    assert.equal(smoothForSpacing(point, 1), point.values);
  });

  it('makes voxels that are skipped count: stripes of one voxel become their mean', () => {
    const stripes = imageOf(gridOf([24, 3, 3]), (x) => (x % 4 === 0 ? 4 : 0));
    const spread = (antiAlias: 'gaussian' | 'none'): number => {
      const { values } = resampleImage(stripes, { spacingMm: 4, resampling: 'origin', antiAlias });
      return Math.max(...values.subarray(1, 5)) - 1;
    };
    // Every new centre meets a stripe.
    assert.equal(spread('none'), 3);
    // What a Gaussian of σ² = 15/12 leaves of a wave of period 4: exp(−2π²σ²/4²) = 0.21 of an amplitude of 2.
    assert.ok(Math.abs(spread('gaussian') - 2 * Math.exp((-2 * Math.PI ** 2 * 1.25) / 16)) < 0.02);
  });

  it('never reaches masks or nearest neighbours', () => {
    const grid = gridOf([8, 8, 8]);
    const label = labelOf(grid, (x, y, z) => (x * y * z) % 3 === 0);
    const settings = { spacingMm: 3, resampling: 'centred' } as const;
    for (const labelResampling of ['linear', 'volumePreserving', 'soft'] as const) {
      assert.deepEqual(
        resampleLabel(label, { ...settings, labelResampling, antiAlias: 'gaussian' }),
        resampleLabel(label, { ...settings, labelResampling }),
      );
    }
    const image = { grid, values: Float32Array.from({ length: voxelCount(grid.shape) }, (_, index) => index % 7) };
    assert.deepEqual(
      resampleImage(image, { ...settings, nearest: true, antiAlias: 'gaussian' }),
      resampleImage(image, { ...settings, nearest: true }),
    );
  });
});
