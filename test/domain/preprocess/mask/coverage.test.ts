import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { voxelVolumeMm3 } from '../../../../domain/image/affine.js';
import { perAxis, voxelCount, type Grid, type Triple } from '../../../../domain/image/grid.js';
import { boxMean } from '../../../../domain/preprocess/box-mean.js';
import { mapOntoOriginal, maskOntoOriginal } from '../../../../domain/preprocess/onto-original.js';
import { coverageOf, resampleLabel, type LabelResampling } from '../../../../domain/preprocess/mask/resample-label.js';
import { resampledAxes } from '../../../../domain/preprocess/resample.js';
import type { GridAxes, ResamplingConvention } from '../../../../domain/preprocess/resampled-axis.js';
import { roiAxes } from '../../../../domain/preprocess/roi.js';
import { thresholdByVolume } from '../../../../domain/preprocess/mask/threshold-by-volume.js';
import { coverageReferences } from '../../../support/images/coverage-references.js';
import { gridOf, labelOf, largestDifference, positionMm } from '../../../support/images/image-fixtures.js';

const sumOf = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);

describe('coverage against dense matrices of exact fractions in NumPy', () => {
  // test/fixtures/images/make_coverage.py wrote these.
  for (const [name, reference] of coverageReferences) {
    const { resampling, shape, spacing } = reference;
    const label = { grid: gridOf(shape, spacing), values: Uint8Array.from(reference.mask) };
    const settings = { spacingMm: 2, resampling };
    const axes = resampledAxes(label.grid, settings);
    const resampled = (labelResampling: LabelResampling): ArrayLike<number> =>
      resampleLabel(label, { ...settings, labelResampling }).values;

    it(`${name}: each voxel's share is the exact overlap`, () => {
      const coverage = coverageOf(label, axes);
      assert.deepEqual(coverage.shape, reference.newShape);
      assert.ok(largestDifference(coverage.values, reference.coverage) < 1e-11);
      assert.ok(largestDifference(resampled('soft'), reference.coverage) < 1e-7);
    });

    it(`${name}: the mask that keeps its volume has the voxels with the most structure, ties in the same order`, () => {
      assert.deepEqual([...Array.from(resampled('volumePreserving'))], reference.kept);
    });

    it(`${name}: a map comes back by the transposed overlaps, and what has no place there is told`, () => {
      const { values, outside } = mapOntoOriginal({
        values: Float32Array.from(reference.prediction),
        originalShape: shape,
        axes,
      });
      assert.ok(largestDifference(values, reference.back) < 1e-11);
      assert.ok(Math.abs(outside - reference.outside) < 1e-9 * (1 + reference.outside));
    });
  }
});

/** Masks and maps on any grid. */
const cases = fc.record({
  shape: fc.tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 9 })),
  spacing: fc.tuple(...([0.4, 0.4, 0.4] as const).map((min) => fc.double({ min, max: 6, noNaN: true }))),
  resampling: fc.constantFrom<ResamplingConvention>('centred', 'scipyZoom'),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

/** Pseudo-random numbers in [0, 1), by the fractional parts of multiples of an irrational number. */
const scattered = (seed: number, index: number): number => (seed * 0.618_033_988_75 + index * 0.754_877_666_2) % 1;

/** The mask that keeps the volume of a row of voxels. */
const keep = (...shares: number[]): number[] => [
  ...thresholdByVolume({ coverage: Float64Array.from(shares), shape: [shares.length, 1, 1] }),
];

describe('a mask that keeps its volume', () => {
  it('differs from its volume in the field of view by at most half a new voxel, on any grid', () => {
    fc.assert(
      fc.property(cases, ({ shape, spacing, resampling, seed }) => {
        const grid = gridOf(shape, [spacing[0] ?? 1, spacing[1] ?? 1, spacing[2] ?? 1]);
        let index = 0;
        const label = labelOf(grid, () => scattered(seed, index++) < 0.4);
        const settings = { spacingMm: 2, resampling };
        const total = sumOf(
          coverageOf(label, resampledAxes(grid, settings)).values.map((share) => (share < 3.9e-5 ? 0 : share)),
        );
        const kept = sumOf(resampleLabel(label, { ...settings, labelResampling: 'volumePreserving' }).values);
        assert.ok(Math.abs(kept - total) <= 0.5 + 1e-5, `${String(kept)} voxels for ${String(total)}`);
      }),
    );
  });

  it('has no voxel left out that a structure covers more than one of its own', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 27, maxLength: 27 }),
        (shares) => {
          const mask = thresholdByVolume({ coverage: Float64Array.from(shares), shape: [3, 3, 3] });
          const inside = shares.filter((_, i) => mask[i] === 1);
          const outside = shares.filter((_, i) => mask[i] === 0);
          assert.ok(Math.min(1, ...inside) >= Math.max(0, ...outside) - 1e-4);
        },
      ),
    );
  });

  it('an empty mask stays empty, half a voxel becomes one, and less than half vanishes', () => {
    assert.deepEqual(keep(0, 0, 0), [0, 0, 0]);
    assert.deepEqual(keep(0, 0.5, 0), [0, 1, 0]);
    assert.deepEqual(keep(0.1, 0.3, 0), [0, 0, 0]);
    assert.deepEqual(keep(0.1, 0.3, 0.2), [0, 1, 0]);
  });

  it('takes of equal voxels first those with more structure around them, then some at even distances', () => {
    // The halves about the full voxel have more around them than the other two.
    assert.deepEqual(keep(0.5, 0.5, 1, 0.5, 0.5), [0, 1, 1, 1, 0]);
    // The inner seven are equal: 9/3 = 3 voxels.
    assert.deepEqual(keep(...new Array<number>(9).fill(1 / 3)), [0, 0, 1, 0, 1, 0, 1, 0, 0]);
  });

  it('shifts neither many equal structures, nor the places of those that have a voxel more', () => {
    const centreOfMass = (...shares: number[]): number => {
      const mask = keep(...shares);
      const places = [...mask.keys()].filter((i) => mask[i] === 1);
      return sumOf(places) / places.length - (shares.length - 1) / 2;
    };
    const repeated = (times: number, ...shares: number[]): number[] =>
      Array.from({ length: times }, (_, i) => (i === 0 ? shares : [0, ...shares])).flat();
    assert.equal(centreOfMass(...repeated(6, 0.5, 0.5)), 0);
    assert.equal(centreOfMass(...repeated(9, 1 / 3)), 0);
    assert.equal(centreOfMass(...repeated(8, 0.25, 0.25, 0.25, 0.25)), 0);
  });

  it('gives each structure its own volume, small ones beside a large one too, there and back', () => {
    const radius = 2;
    const places = Array.from({ length: 36 }, (_, i): Triple => [i % 3, Math.floor(i / 3) % 4, Math.floor(i / 12)]);
    const centres = places.map(([i, j, k]): Triple => [38 + 8 * i, 4 + 8 * j, 6 + 10 * k]);
    const isWithin = ([a, b, c]: Triple, distance: number, [x, y, z]: Triple): boolean =>
      (x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2 <= distance ** 2;
    const label = labelOf(
      gridOf([60, 34, 34]),
      (...voxel) => isWithin([16, 16, 16], 14, voxel) || centres.some((centre) => isWithin(centre, radius, voxel)),
    );
    const settings = { spacingMm: 2, resampling: 'centred' } as const;
    const axes = resampledAxes(label.grid, settings);
    const { grid, values } = resampleLabel(label, { ...settings, labelResampling: 'volumePreserving' });
    const back = maskOntoOriginal(
      { values: Uint8Array.from(values), originalShape: label.grid.shape, axes },
      mapOntoOriginal({ values: Float32Array.from(values), originalShape: label.grid.shape, axes }).values,
    );
    const volumeMm3 = (on: Grid, mask: ArrayLike<number>, centre: Triple): number => {
      const near = labelOf(on, (...voxel) => isWithin(centre, radius + 2, positionMm(on.affine, voxel))).values;
      return sumOf(near.map((isNear, i) => isNear * (mask[i] ?? NaN))) * voxelVolumeMm3(on);
    };
    for (const centre of centres) {
      // A ball has 33 mm³, a prepared voxel 8 mm³.
      assert.equal(volumeMm3(label.grid, label.values, centre), 33);
      assert.ok(Math.abs(volumeMm3(grid, values, centre) - 33) < 8);
      assert.equal(volumeMm3(label.grid, back, centre), volumeMm3(grid, values, centre));
    }
  });

  it('rounding in a header decides no tie, and makes no volume', () => {
    const count = (spacing: number): number => {
      const label = labelOf(
        gridOf([24, 24, 24], [spacing, 1, 1]),
        (x, y, z) => x < 12 && y < 12 && z < 6 && (z > 0 || y > 0),
      );
      return sumOf(
        resampleLabel(label, { spacingMm: 2, resampling: 'centred', labelResampling: 'volumePreserving' }).values,
      );
    };
    // 852 voxels: 106.5 new ones.
    assert.deepEqual([0.9999999, 1, 1.0000001].map(count), [107, 107, 107]);
  });

  it('a spacing of 1.0000001 decides no tie', () => {
    const inside = (x: number, y: number, z: number): boolean =>
      x >= 5 && x < 16 && y >= 5 && y < 16 && z >= 3 && z < 10;
    const kept = (spacing: Triple): number[] => {
      const label = labelOf(gridOf([20, 20, 14], spacing), inside);
      const settings = { spacingMm: 2, resampling: 'centred', labelResampling: 'volumePreserving' } as const;
      return [...resampleLabel(label, settings).values];
    };
    const wanted = kept([1, 1, 1]);
    // 11 · 11 · 7 / 8 = 105.875
    assert.equal(sumOf(wanted), 106);
    assert.deepEqual(kept([1.0000001, 0.9999999, 1.0000001]), wanted);
  });
});

describe('a map on the original grid', () => {
  it('has the same sum in ml as on the prepared grid, but for what lies outside, on any grid and region', () => {
    const roi = fc.record({
      left: fc.integer({ min: -20, max: 15 }),
      top: fc.integer({ min: -20, max: 15 }),
      downsample: fc.constantFrom(1, 2, 3),
    });
    const check = (originalShape: Triple, axes: GridAxes, seed: number): void => {
      const shape = perAxis((axis) => axes[axis].length);
      const values = Float32Array.from({ length: voxelCount(shape) }, (_, i) => scattered(seed, i));
      const { values: back, outside } = mapOntoOriginal({ values, originalShape, axes });
      const size = axes[0].step * axes[1].step * axes[2].step;
      const [before, after] = [sumOf(values) * size, sumOf(back) + outside * size];
      assert.ok(Math.abs(after - before) <= 1e-12 * before, `${String(after)} instead of ${String(before)}`);
      assert.ok(back.every((value) => value >= 0 && value <= 1));
    };
    fc.assert(
      fc.property(cases, ({ shape, spacing, resampling, seed }) => {
        const grid = gridOf(shape, [spacing[0] ?? 1, spacing[1] ?? 1, spacing[2] ?? 1]);
        check(shape, resampledAxes(grid, { spacingMm: 2, resampling }), seed);
      }),
    );
    fc.assert(
      fc.property(roi, fc.integer({ min: 1, max: 1e6 }), ({ left, top, downsample }, seed) => {
        check([16, 13, 1], roiAxes({ left, top, downsample, sizePixels: 12 }), seed);
      }),
    );
  });

  it('without a change of spacing is the map itself, and blocks of a region show their own value', () => {
    const grid = gridOf([5, 4, 3], [2, 2, 2]);
    const values = Float32Array.from({ length: 60 }, (_, i) => scattered(3, i));
    const axes = resampledAxes(grid, { spacingMm: 2, resampling: 'centred' });
    const same = mapOntoOriginal({ values, originalShape: grid.shape, axes });
    assert.deepEqual(same, { values: Float64Array.from(values), outside: 0 });
    const region = roiAxes({ left: -2, top: 1, sizePixels: 4, downsample: 2 });
    // Blocks a b / c d; a and c lie left of the picture, of which columns 0 and 1 have b and d; half of d lies
    // below it.
    const blocks = Float32Array.of(0.1, 0.2, 0.3, 0.4);
    const back = mapOntoOriginal({ values: blocks, originalShape: [3, 4, 1], axes: region });
    const rows = [0, 0, 0, 0.2, 0.2, 0, 0.2, 0.2, 0, 0.4, 0.4, 0].map(Math.fround);
    assert.ok(largestDifference(back.values, rows) < 1e-7);
    assert.ok(Math.abs(back.outside - 0.6) < 1e-7);
  });

  it('a mean over voxels outside the map is 0', () => {
    const beyond = { length: 2, start: 10, step: 1 };
    const one = { length: 1, start: 0, step: 1 };
    assert.deepEqual(
      [...boxMean({ values: Float64Array.of(1, 1), shape: [2, 1, 1], axes: [beyond, one, one] })],
      [0, 0],
    );
  });
});
