import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { predictedMask } from '../../../../domain/evaluate/predicted-mask.js';
import {
  segmentationMetrics,
  volumeErrors,
  type SegmentationMetrics,
} from '../../../../domain/evaluate/segmentation/segmentation-metrics.js';
import type { Affine, Grid } from '../../../../domain/image/grid.js';
import { gridOf } from '../../../support/images/image-fixtures.js';
import { segmentationReferences } from '../../../support/images/segmentation-references.js';

const { toleranceMm, cases } = segmentationReferences;

/** What the libraries do not define, or define otherwise: the docstrings say why. */
const conventions: Readonly<Record<string, Partial<Record<keyof SegmentationMetrics, number | null>>>> = {
  'empty prediction': { precision: 0 },
  'both empty': {
    ...{ hausdorff95Mm: 0, averageSurfaceDistanceMm: 0, normalisedSurfaceDice: 1 },
    ...{ lesionF1: 1, lesionF1AtHalfIou: 1 },
  },
};

describe('segmentationMetrics', () => {
  for (const one of cases) {
    it(`agrees with surface-distance, MedPy, SciPy and scikit-learn: ${one.name}`, () => {
      const { dimensions, truth, predicted } = one;
      const grid = gridOf(one.shape, one.spacingMm);
      const mask = predictedMask(predicted, 0.5);
      const found = segmentationMetrics({ grid, dimensions, truth, predicted, mask, toleranceMm });
      for (const [name, value] of Object.entries(found)) {
        const key = name as keyof SegmentationMetrics;
        const expected = { ...one.expected, ...conventions[one.name] }[key];
        const isRight = value === null ? expected === null : Math.abs(value - (expected ?? NaN)) < 1e-12;
        assert.ok(isRight, `${name} is ${value}, not ${String(expected)}`);
      }
    });
  }

  const truth = Uint8Array.from({ length: 27 }, (_, i) => (i === 13 || i === 14 ? 1 : 0));
  const onGrid = (grid: Grid, soft: Uint8Array | Float32Array = truth): SegmentationMetrics => {
    const mask = truth.map((_, i) => (i === 13 || i === 22 ? 1 : 0));
    return segmentationMetrics({
      grid,
      dimensions: 3,
      truth: soft,
      predicted: Float32Array.from(mask),
      mask,
      toleranceMm,
    });
  };

  it('measures no surfaces on sheared axes, and the rest as on straight ones', () => {
    const straight = onGrid(gridOf([3, 3, 3]));
    const affine: Affine = [
      [1, 0.5, 0, 0],
      [0, Math.sqrt(0.75), 0, 0],
      [0, 0, 1, 0],
    ];
    const expected = { hausdorff95Mm: null, averageSurfaceDistanceMm: null, normalisedSurfaceDice: null };
    assert.deepEqual(onGrid(gridOf([3, 3, 3], [1, 1, 1], affine)), { ...straight, ...expected });
    assert.notEqual(straight.hausdorff95Mm, null);
  });

  it('takes soft labels above 0.5 for the structure, but for calibration as they are', () => {
    const soft = Float32Array.from(truth, (label) => (label === 1 ? 0.75 : 0.5));
    const { expectedCalibrationError, brierScore, ...others } = onGrid(gridOf([3, 3, 3]), soft);
    const hard = onGrid(gridOf([3, 3, 3]));
    assert.deepEqual({ ...hard, ...others }, hard);
    // ŷ is 1 at a voxel of 0.75 and at one of 0.5, else 0: of 25 voxels one has 0.75, the others 0.5.
    assert.ok(Math.abs(brierScore - (0.25 ** 2 + 0.5 ** 2 + 0.75 ** 2 + 24 * 0.5 ** 2) / 27) < 1e-15);
    assert.ok(Math.abs(expectedCalibrationError - (0.25 + 0.5 + 0.75 + 24 * 0.5) / 27) < 1e-15);
  });

  it('counts a distance of ten voxels of 0.1 mm as within 1 mm, as a single-precision header has it', () => {
    const edge = Math.fround(0.1); // 0.10000000149
    const voxels = (at: number): Uint8Array => Uint8Array.from({ length: 12 }, (_, x) => (x === at ? 1 : 0));
    const { normalisedSurfaceDice, hausdorff95Mm } = segmentationMetrics({
      ...{ grid: gridOf([12, 1, 1], [edge, 1, 1]), dimensions: 3, toleranceMm: 1 },
      ...{ truth: voxels(0), mask: voxels(11), predicted: Float32Array.from(voxels(11)) },
    });
    // The facing sides are ten voxels apart, the others eleven.
    assert.equal(normalisedSurfaceDice, 0.5);
    assert.equal(hausdorff95Mm, 11 * edge);
  });
});

describe('volumeErrors', () => {
  it('relates ΔV to the volume that can be predicted', () => {
    const errors = volumeErrors({ volumeError: -1, truthVolume: 5, unpredictableVolume: 1 });
    assert.deepEqual(errors, { absoluteVolumeError: 1, relativeVolumeError: -0.25 });
  });

  it('knows no relative error of an empty truth, unless nothing is predicted', () => {
    const empty = { truthVolume: 0, unpredictableVolume: 0 };
    assert.equal(volumeErrors({ ...empty, volumeError: 2 }).relativeVolumeError, null);
    assert.equal(volumeErrors({ ...empty, volumeError: 0 }).relativeVolumeError, 0);
  });
});
