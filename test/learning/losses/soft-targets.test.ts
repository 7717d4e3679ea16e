import assert from 'node:assert/strict';
import test, { describe, it } from 'node:test';
import fc from 'fast-check';
import { coverageOf } from '../../../domain/preprocess/mask/resample-label.js';
import { resampledAxes } from '../../../domain/preprocess/resample.js';
import { softDiceFromSums } from '../../../domain/training/losses/sd.js';
import type { LossImage } from '../support/losses/loss-image.js';
import { assertAgreement, chosen, lovasz, softPairs, tensorValue } from '../support/losses/pairs.js';
import { crossEntropy } from '../../../learning/losses/ce.js';
import { softDice } from '../../../learning/losses/sd.js';
import type { TensorLoss } from '../../../learning/losses/tensor-loss.js';
import { dispose, floatTensor, readFloats } from '../../../learning/tensorflow/tensorflow.js';
import { gridOf, labelOf } from '../../support/images/image-fixtures.js';

const voxels = 8;
const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }).map(Math.fround), {
  minLength: voxels,
  maxLength: voxels,
});
const logitsOf = fc.array(fc.double({ min: -4, max: 4, noNaN: true }).map(Math.fround), {
  minLength: voxels,
  maxLength: voxels,
});

function measured(loss: TensorLoss, z: readonly number[], y: readonly number[]): { value: number; gradient: number[] } {
  const [logits, truth] = [
    floatTensor([1, voxels], Float32Array.from(z)),
    floatTensor([1, voxels], Float32Array.from(y)),
  ];
  const { value, gradient } = loss.valueAndGradient({ logits, truth });
  const result = { value, gradient: [...readFloats(gradient)] };
  dispose(logits, truth, gradient);
  return result;
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const sumOf = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);
/** 1 − SD of Eq. 6. */
const softDiceScore = (p: readonly number[], y: readonly number[]): number =>
  (2 * sumOf(p.map((value, i) => value * (y[i] ?? NaN)))) / (sumOf(p) + sumOf(y));

describe('losses with the share of each voxel as target', () => {
  it('cross-entropy is −mean[y ln ŷ + (1 − y) ln(1 − ŷ)], with gradient (ŷ − y) / n: 0 at ŷ = y', () => {
    fc.assert(
      fc.property(logitsOf, shares, (z, y) => {
        const { value, gradient } = measured(crossEntropy, z, y);
        const terms = z.map((logit, i) => {
          return -((y[i] ?? NaN) * Math.log(sigmoid(logit)) + (1 - (y[i] ?? NaN)) * Math.log(1 - sigmoid(logit)));
        });
        assert.ok(Math.abs(value - sumOf(terms) / voxels) < 1e-5);
        gradient.forEach((slope, i) => {
          assert.ok(Math.abs(slope - (sigmoid(z[i] ?? NaN) - (y[i] ?? NaN)) / voxels) < 1e-6);
        });
      }),
    );
  });

  it('soft Dice is Eq. 6, and lowers ŷ exactly where y is below (1 − SD) / 2', () => {
    fc.assert(
      fc.property(logitsOf, shares, (z, y) => {
        const { value, gradient } = measured(softDice({ epsilon: 1e-7, reduction: 'image' }), z, y);
        const score = softDiceScore(z.map(sigmoid), y);
        assert.ok(Math.abs(value - (1 - score)) < 1e-5);
        gradient.forEach((slope, i) => {
          const above = (y[i] ?? NaN) - score / 2;
          if (Math.abs(above) > 1e-4)
            assert.equal(slope > 0, above < 0, `y is ${String(y[i])}, 1 − SD ${String(score)}`);
        });
      }),
    );
  });

  it('soft Dice has its minimum at a binary ŷ of more than the volume, for a ball without any uncertainty', () => {
    const radius = 9;
    const inside = (x: number, y: number, z: number): boolean => Math.hypot(x - 13, y - 13, z - 13) <= radius;
    const ball = labelOf(gridOf([27, 27, 27]), inside);
    const axes = resampledAxes(ball.grid, { spacingMm: 3, resampling: 'centred' });
    const y = [...coverageOf(ball, axes).values].sort((a, b) => b - a);
    const total = sumOf(y);
    // Every binary ŷ of n voxels is best with the n of highest y.
    const scores = y.map((_, n) => (2 * sumOf(y.slice(0, n + 1))) / (n + 1 + total));
    const best = Math.max(...scores);
    const chosen = scores.indexOf(best) + 1;
    assert.deepEqual([(y[chosen - 1] ?? NaN) > best / 2, (y[chosen] ?? NaN) <= best / 2], [true, true]);
    assert.ok(chosen / total > 1.02, `${String(chosen)} voxels for ${String(total)}`);
    // ŷ = y, which keeps the volume, is worse; and no step from the best one lowers the loss.
    assert.ok(softDiceScore(y, y) < best);
    const { slope, offset } = softDiceFromSums(
      { overlap: sumOf(y.slice(0, chosen)), predicted: chosen, truth: total },
      1e-7,
    );
    y.forEach((share, i) => {
      const derivative = slope * share + offset;
      assert.ok(i < chosen ? derivative <= 1e-12 : derivative >= -1e-12);
    });
  });
});

const allOnes = new Array<number>(voxels).fill(1);

for (const pair of softPairs) {
  test(`${pair.name} on tensors agrees with its reference for truths from 0 to 1`, () => {
    const mask = fc.array(fc.constantFrom(0, 1), { minLength: voxels, maxLength: voxels });
    const softImage = fc.record({ logits: logitsOf, truth: shares, mask });
    fc.assert(
      fc.property(fc.array(softImage, { minLength: 1, maxLength: 3 }), (images) => {
        // The semimetric has a kink where ŷ is y.
        const isOff = ({ logits, truth }: LossImage): boolean =>
          Array.from(logits).every((z, i) => Math.abs(1 / (1 + Math.exp(-z)) - (truth[i] as number)) > 1e-4);
        fc.pre(pair.name !== 'diceSemimetric' || images.every(isOff));
        assertAgreement(pair, images);
      }),
      { seed: 11 },
    );
  });
}

test('the Lovász hinge refuses truths between 0 and 1 that count, and names what to change', () => {
  const logits = new Array<number>(voxels).fill(0.5);
  const truth = allOnes.map((_, i) => (i === 3 ? 0.25 : 1));
  assert.throws(() => tensorValue(lovasz.tensor, [{ logits, truth }]), {
    code: 'CONFIG_INVALID',
    message: /found 0.25; set label.resampling to volumePreserving/,
  });
  const mask = allOnes.map((_, i) => (i === 3 ? 0 : 1));
  assert.ok(tensorValue(lovasz.tensor, [{ logits, truth, mask }]).value > 0);
});

test('a logit that is not a number makes the Lovász hinge not a number', () => {
  const logits = allOnes.map((_, i) => (i === 3 ? NaN : 5));
  assert.ok(Number.isNaN(tensorValue(lovasz.tensor, [{ logits, truth: allOnes }]).value));
});

test('the Dice semimetric loss is soft Dice for truths of 0 and 1, and least at ŷ = y for truths between', () => {
  const logits = allOnes.map((_, i) => i / 3 - 2);
  const [semimetric, soft] = [chosen('diceSemimetric'), softDice({ epsilon: 1e-7, reduction: 'image' })];
  const hard = [{ logits, truth: allOnes.map((_, i) => i % 2) }];
  assert.ok(Math.abs(tensorValue(semimetric, hard).value - tensorValue(soft, hard).value) < 1e-6);
  const truth = logits.map((z) => 1 / (1 + Math.exp(-z)));
  assert.ok(tensorValue(semimetric, [{ logits, truth }]).value < 1e-6);
  assert.ok(tensorValue(soft, [{ logits, truth }]).value > 0.1);
});
