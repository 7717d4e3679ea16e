import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { evaluateCase, type CaseMetrics } from '../../../domain/evaluate/evaluate-case.js';
import { metrics } from '../../../domain/evaluate/metrics.js';
import { predictedMask } from '../../../domain/evaluate/predicted-mask.js';
import { pixelSize, voxelSizeInMillilitres, type VoxelSize } from '../../../domain/evaluate/voxel-size.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { fixturesFolder } from '../../support/paths.js';

const settings = { size: pixelSize, unpredictableVolume: 0, clip: 1e-7 };

function evaluate(
  truth: readonly number[],
  probabilities: readonly number[],
  {
    threshold = 0.5,
    ...changes
  }: { threshold?: number; size?: VoxelSize; unpredictableVolume?: number; clip?: number } = {},
): CaseMetrics {
  const predicted = Float32Array.from(probabilities);
  const mask = predictedMask(predicted, threshold);
  return evaluateCase({ truth: Uint8Array.from(truth), predicted, mask, ...settings, ...changes });
}

const voxel = fc.record({
  label: fc.integer({ min: 0, max: 1 }),
  probability: fc.float({ min: 0, max: 1, noNaN: true }),
});
const voxels = fc.array(voxel, { minLength: 1, maxLength: 60 });

describe('evaluateCase', () => {
  it('agrees with NumPy and SciPy on sixty voxels', () => {
    const reference = JSON.parse(readFileSync(join(fixturesFolder, 'statistics', 'metrics.json'), 'utf8')) as {
      truth: number[];
      predicted: number[];
      voxelVolume: number;
      expected: Record<string, number>;
    };
    const size = { voxelVolume: reference.voxelVolume, unit: 'ml' as const };
    const { unit, unpredictableVolume, ...measured } = evaluate(reference.truth, reference.predicted, { size });
    assert.deepEqual([unit, unpredictableVolume], ['ml', 0]);
    assert.deepEqual(Object.keys(measured).sort(), Object.keys(reference.expected).sort());
    for (const [name, value] of Object.entries(measured)) {
      assert.ok(Math.abs(value - (reference.expected[name] ?? NaN)) < 1e-12, `${name} is ${value}`);
    }
  });

  it('gives the measures of four voxels worked out by hand', () => {
    const result = evaluate([1, 1, 0, 0], [0.75, 0.5, 0.25, 0]);
    const expectedCrossEntropy = -(Math.log(0.75) + Math.log(0.5) + Math.log(0.75) + Math.log(1 - 1e-7)) / 4;
    assert.ok(Math.abs(result.crossEntropy - expectedCrossEntropy) < 1e-15);
    assert.equal(result.softDiceScore, (2 * 1.25) / (1.5 + 2));
    assert.equal(result.dice, (2 * 1) / (1 + 2)); // ŷ = 0.5 is a tie and does not count
    assert.equal(result.truthVolume, 0.02);
    assert.equal(result.predictedVolume, 0.015);
    assert.equal(result.predictedVolumeThresholded, 0.01);
    assert.equal(result.volumeError, 0.015 - 0.02);
  });

  it('leaves out of ΔV, and of nothing else, the volume that no network could predict', () => {
    const [whole, cut] = [0, 0.01].map((unpredictableVolume) =>
      evaluate([1, 1, 0, 0], [0.75, 0, 0.25, 0], { unpredictableVolume }),
    );
    assert.deepEqual(cut, { ...whole, unpredictableVolume: 0.01, volumeError: 0.01 - (0.02 - 0.01) });
    assert.equal(metrics.volumeErrorThresholded.valueOf(cut), 0.01 - (0.02 - 0.01));
  });

  it('measures shares of voxels as they are, and Dice against those above one half', () => {
    const result = evaluateCase({
      ...settings,
      truth: Float32Array.of(1, 0.75, 0.5, 0.25, 0),
      predicted: Float32Array.of(0.75, 0.75, 0.75, 0.25, 0.25),
      mask: Uint8Array.of(1, 1, 1, 0, 0),
    });
    const [a, b] = [-Math.log(0.75), -Math.log(0.25)];
    // CE of each voxel: y a + (1 − y) b where ŷ = ¾, y b + (1 − y) a where ŷ = ¼.
    const terms = [a, 0.75 * a + 0.25 * b, (a + b) / 2, 0.25 * b + 0.75 * a, a];
    assert.ok(Math.abs(result.crossEntropy - terms.reduce((sum, term) => sum + term, 0) / 5) < 1e-15);
    assert.equal(result.softDiceScore, (2 * (0.75 + 0.5625 + 0.375 + 0.0625)) / (2.5 + 2.75));
    assert.equal(result.dice, (2 * 2) / (2 + 3));
    assert.deepEqual([result.truthVolume, result.predictedVolumeThresholded], [0.025, 0.03]);
    const nothing = { predicted: Float32Array.of(0), mask: Uint8Array.of(0) };
    assert.throws(() => evaluateCase({ ...settings, ...nothing, truth: Float32Array.of(1.5) }), {
      code: 'LABEL_INVALID',
    });
  });

  it('keeps a certain mistake finite: CE is −log(clip) there', () => {
    assert.ok(Math.abs(evaluate([1], [0]).crossEntropy + Math.log(1e-7)) < 1e-12);
    assert.ok(Math.abs(evaluate([0], [1]).crossEntropy + Math.log(1e-7)) < 1e-8);
  });

  it('does not count a tie at a threshold that single precision cannot hold', () => {
    assert.equal(evaluate([1], [0.3], { threshold: 0.3 }).predictedVolumeThresholded, 0);
    assert.equal(evaluate([1], [0.3 + 1e-7], { threshold: 0.3 }).predictedVolumeThresholded, 0.01);
  });

  it('scores 1 where truth and prediction are both empty, and 0 where one of them is', () => {
    const neither = evaluate([0, 0], [0, 0]);
    assert.deepEqual([neither.softDiceScore, neither.dice, neither.volumeError], [1, 1, 0]);
    const emptyTruth = evaluate([0, 0], [0.9, 0]);
    assert.deepEqual([emptyTruth.softDiceScore, emptyTruth.dice], [0, 0]);
    const onlyFaint = evaluate([0, 0], [0.1, 0]);
    assert.deepEqual([onlyFaint.softDiceScore, onlyFaint.dice], [0, 1]);
    const emptyPrediction = evaluate([1, 0], [0, 0]);
    assert.deepEqual([emptyPrediction.softDiceScore, emptyPrediction.dice], [0, 0]);
  });

  it('has Dice equal to the soft Dice score where the prediction is certain everywhere', () => {
    fc.assert(
      fc.property(voxels, (cases) => {
        const result = evaluate(
          cases.map((c) => c.label),
          cases.map((c) => Math.round(c.probability)),
        );
        assert.ok(Math.abs(result.dice - result.softDiceScore) < 1e-15);
        assert.ok(Math.abs(result.predictedVolume - result.predictedVolumeThresholded) < 1e-15);
      }),
    );
  });

  it('is blind to the order of voxels, up to rounding', () => {
    fc.assert(
      fc.property(voxels, (cases) => {
        const forward = evaluate(
          cases.map((c) => c.label),
          cases.map((c) => c.probability),
        );
        const reversed = cases.toReversed();
        const backward = evaluate(
          reversed.map((c) => c.label),
          reversed.map((c) => c.probability),
        );
        for (const key of ['crossEntropy', 'softDiceScore', 'dice', 'volumeError'] as const) {
          assert.ok(Math.abs(forward[key] - backward[key]) < 1e-12, key);
        }
      }),
    );
  });

  it('sums in double precision: a million faint voxels keep their volume', () => {
    const predicted = new Float32Array(1_000_000).fill(1e-4);
    const truth = new Uint8Array(1_000_000);
    truth[0] = 1;
    const result = evaluateCase({
      truth,
      predicted,
      mask: new Uint8Array(1_000_000),
      ...settings,
      size: voxelSizeInMillilitres(gridOf([100, 100, 100], [2, 2, 2])),
    });
    assert.ok(Math.abs(result.predictedVolume - 0.008 * 1_000_000 * Math.fround(1e-4)) < 1e-9);
    assert.equal(result.truthVolume, 0.008);
  });

  it('refuses what cannot be measured, by code', () => {
    const code = (expected: string) => (error: unknown) => (error as { code: string }).code === expected;
    assert.throws(() => evaluate([0, 1], [0]), code('IMAGE_SHAPE_MISMATCH'));
    assert.throws(() => evaluate([], []), code('ARGUMENT_INVALID'));
    assert.throws(() => evaluate([2], [0]), code('LABEL_INVALID'));
    assert.throws(() => evaluate([0], [NaN]), code('IMAGE_VALUES_INVALID'));
    assert.throws(() => evaluate([0], [1.5]), code('IMAGE_VALUES_INVALID'));
    assert.throws(() => evaluate([0], [-0.1]), code('IMAGE_VALUES_INVALID'));
    assert.throws(() => evaluate([0], [0], { clip: 0 }), code('ARGUMENT_INVALID'));
  });
});
