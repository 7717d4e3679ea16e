import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rowOn } from '../../../domain/evaluate/evaluation-row.js';
import { measureCase } from '../../../domain/evaluate/measure-case.js';
import { perAxis } from '../../../domain/image/grid.js';
import { resampleLabel } from '../../../domain/preprocess/mask/resample-label.js';
import { resampledAxes } from '../../../domain/preprocess/resample.js';
import { readOneImage } from '../../../storage/images/image-files.js';
import { someScores } from '../../support/case-scores.js';
import { coverageReferences } from '../../support/images/coverage-references.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { fixturesFolder } from '../../support/paths.js';

const sumOf = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);

function assertNear(found: number, wanted: number, what: string): void {
  assert.ok(Math.abs(found - wanted) <= 1e-9 * Math.max(Math.abs(wanted), 1e-3), `${what}: ${found}, not ${wanted}`);
}

/** Networks predict everywhere. */
const all = (voxels: number) => ({ predictable: new Uint8Array(voxels).fill(1), unpredictableVolume: 0 });

describe('measureCase', () => {
  // test/fixtures/images/make_coverage.py carried the maps back.
  for (const [name, reference] of coverageReferences) {
    it(`${name}: on the native grid compares the map that NumPy carried back with the original mask`, () => {
      const { resampling, shape, spacing, mask, back } = reference;
      const label = { grid: gridOf(shape, spacing), values: Uint8Array.from(mask) };
      const settings = { spacingMm: 2, resampling, labelResampling: 'volumePreserving' } as const;
      const prepared = resampleLabel(label, settings);
      const predicted = Float32Array.from(reference.prediction);
      const { native, working, predictedVolumeOutside, scores } = measureCase({
        ...{ dimensions: 3, clip: 1e-7, threshold: 0.5, toleranceMm: 1, label: prepared, predicted },
        original: { label, axes: resampledAxes(label.grid, settings) },
        ...all(predicted.length),
      });
      const v = (spacing[0] * spacing[1] * spacing[2]) / 1000;
      const workingV = prepared.grid.spacingMm.reduce((product, length) => product * length, 0.001);
      const [truth, overlap] = [sumOf(mask), sumOf(mask.map((y, i) => y * (back[i] ?? NaN)))];
      assertNear(native.truthVolume, truth * v, 'V(Y)');
      assertNear(native.predictedVolume, sumOf(back) * v, 'V(Ŷ)');
      assertNear(native.volumeError, (sumOf(back) - truth) * v, 'ΔV');
      assertNear(native.softDiceScore, (2 * overlap) / (truth + sumOf(back)), '1 − SD');
      assertNear(predictedVolumeOutside, reference.outside * workingV, 'outside');
      assertNear(working.predictedVolume, native.predictedVolume + predictedVolumeOutside, 'V(Ŷ) on the working grid');
      assertNear(working.truthVolume, sumOf(prepared.values) * workingV, 'V(Y) on the working grid');
      const hard = reference.maskBack;
      const both = sumOf(hard.map((h, i) => h * (mask[i] ?? NaN)));
      assertNear(native.predictedVolumeThresholded, sumOf(hard) * v, 'hard V(Ŷ)');
      assertNear(native.dice, (2 * both) / (truth + sumOf(hard)), 'Dice');
      assertNear(scores.jaccard, both / (truth + sumOf(hard) - both), 'Jaccard');
      assertNear(scores.precision ?? NaN, both / sumOf(hard), 'precision');
      assertNear(scores.recall ?? NaN, both / truth, 'recall');
      assertNear(scores.relativeVolumeError ?? NaN, (sumOf(back) - truth) / truth, 'ΔV / V');
      const squares = sumOf(mask.map((y, i) => ((back[i] ?? NaN) - y) ** 2));
      assertNear(scores.brierScore, squares / mask.length, 'Brier');
    });
  }

  it('a certain and perfect prediction has the volume of the prepared mask on the native grid, hard and soft', async () => {
    const folder = join(fixturesFolder, 'hippocampus', 'labelsTr');
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.nii.gz'))) {
      const { grid, values } = await readOneImage(join(folder, name));
      const label = { grid, values: Uint8Array.from(values, (value) => (value > 0 ? 1 : 0)) };
      const settings = { spacingMm: 2, resampling: 'centred', labelResampling: 'volumePreserving' } as const;
      const prepared = resampleLabel(label, settings);
      const { native, working } = measureCase({
        ...{
          dimensions: 3,
          clip: 1e-7,
          threshold: 0.5,
          toleranceMm: 1,
          label: prepared,
          predicted: Float32Array.from(prepared.values),
        },
        original: { label, axes: resampledAxes(grid, settings) },
        ...all(prepared.values.length),
      });
      assert.equal(working.dice, 1, name);
      // The mask keeps its volume to half a voxel, on the way to the prepared grid of 8 mm³ and back onto that of 1 mm³.
      const error = Math.abs(native.predictedVolumeThresholded - native.truthVolume);
      assert.ok(error <= 0.0045 + 1e-9, `${name}: the hard volume is off by ${error} ml`);
      // By the same argument the soft volume, so both agree to one original voxel.
      assert.ok(Math.abs(native.predictedVolumeThresholded - native.predictedVolume) <= 0.0005 + 1e-9, name);
    }
  });

  it('in 2D counts an original pixel as its part of a prepared one, and without a region both grids are the same', () => {
    const label = { grid: gridOf([4, 4, 1]), values: Uint8Array.from({ length: 16 }, (_, i) => (i % 4 < 2 ? 1 : 0)) };
    const blocks = { length: 2, start: 0.5, step: 2 };
    const single = { length: 1, start: 0, step: 1 };
    const common = { dimensions: 2, clip: 1e-7, threshold: 0.5, toleranceMm: 1 } as const;
    const averaged = measureCase({
      ...common,
      label: { grid: gridOf([2, 2, 1], [2, 2, 1]), values: Uint8Array.of(1, 0, 1, 0) },
      predicted: Float32Array.of(1, 0.25, 1, 0),
      original: { label, axes: [blocks, blocks, single] },
      ...all(4),
    });
    const volumes = [averaged.native, averaged.working].map((own) => [own.truthVolume, own.predictedVolume]);
    assert.deepEqual(volumes, [
      [0.02, 0.0225],
      [0.02, 0.0225],
    ]);
    const alike = measureCase({
      ...common,
      label,
      predicted: Float32Array.from({ length: 16 }, (_, i) => i / 16),
      original: { label, axes: perAxis((axis) => ({ length: label.grid.shape[axis], start: 0, step: 1 })) },
      ...all(16),
    });
    assert.deepEqual(alike.native, alike.working);
    // The mask of i / 16 > 0.5 has the pixels 9 to 15, of which 9, 12 and 13 are true, as 0, 1, 4, 5 and 8 are, which it lacks.
    assert.deepEqual([alike.scores.jaccard, alike.scores.precision, alike.scores.recall], [3 / 12, 3 / 7, 3 / 8]);
  });

  it('on each grid leaves out of ΔV the structure where no network predicts', () => {
    // Four prepared pixels of 0.01, two of them structure; the network predicts the left half only, where it is perfect.
    const label = { grid: gridOf([2, 2, 1]), values: Uint8Array.of(1, 1, 0, 0) };
    const { native, working, scores, reliability } = measureCase({
      ...{ dimensions: 2, clip: 1e-7, threshold: 0.5, toleranceMm: 1, label, predicted: Float32Array.of(1, 0, 0, 0) },
      original: { label, axes: perAxis((axis) => ({ length: label.grid.shape[axis], start: 0, step: 1 })) },
      predictable: Uint8Array.of(1, 0, 1, 0),
      unpredictableVolume: 0.01,
    });
    assert.deepEqual(native, working);
    assert.deepEqual([working.truthVolume, working.unpredictableVolume, working.volumeError], [0.02, 0.01, 0]);
    // The scores are of the whole image; what they do with ΔV leaves the same out.
    assert.deepEqual([scores.recall, scores.brierScore, scores.relativeVolumeError], [0.5, 0.25, 0]);
    // Of the left half, ŷ is 1 where y is 1, and 0 where it is 0: log-odds of ±16.
    assert.deepEqual(reliability, {
      probabilities: [
        { bin: 0, voxels: 1, predicted: 0, truth: 0 },
        { bin: 9, voxels: 1, predicted: 1, truth: 1 },
      ],
      logOdds: [
        { bin: 0, voxels: 1, predicted: -16, truth: 0 },
        { bin: 255, voxels: 1, predicted: 16, truth: 1 },
      ],
    });
  });

  it('a row has the metrics of the chosen grid, and beside them those of the other', () => {
    const metrics = {
      crossEntropy: 0,
      softDiceScore: 0,
      dice: 0,
      unit: 'ml',
      truthVolume: 1,
      unpredictableVolume: 0,
    } as const;
    const volumes = { predictedVolume: 1, predictedVolumeThresholded: 1, volumeError: 0 };
    const [native, working] = [
      { ...metrics, ...volumes },
      { ...metrics, ...volumes, truthVolume: 2, volumeError: -1 },
    ];
    const place = { dataSet: 'd', caseId: 'c', participant: 'p', fold: 0, model: 'lr', loss: 'ce' };
    const measured = { ...place, predictedVolumeOutside: 0.5, scores: someScores, native, working };
    const row = rowOn('native', measured);
    assert.deepEqual([row.grid, row.volumeError, row.otherGrid], ['native', 0, working]);
    const other = rowOn('working', measured);
    assert.deepEqual([other.grid, other.truthVolume, other.otherGrid], ['working', 2, native]);
  });
});
