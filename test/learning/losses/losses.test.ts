import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { crossEntropyReference } from '../support/losses/ce.js';
import type { LossImage, LossValue } from '../support/losses/loss-image.js';
import { softDiceReference } from '../support/losses/sd.js';
import { crossEntropy } from '../../../learning/losses/ce.js';
import { softDice } from '../../../learning/losses/sd.js';
import type { TensorLoss } from '../../../learning/losses/tensor-loss.js';
import { dispose, floatTensor, readFloats } from '../../../learning/tensorflow/tensorflow.js';
import { liveTensorCount } from '../support/live-tensor-count.js';

const voxels = 12;
const image = fc.record({
  logits: fc.array(fc.double({ min: -30, max: 30, noNaN: true }).map(Math.fround), {
    minLength: voxels,
    maxLength: voxels,
  }),
  truth: fc.array(fc.constantFrom(0, 1), { minLength: voxels, maxLength: voxels }),
  mask: fc.array(fc.constantFrom(0, 1), { minLength: voxels, maxLength: voxels }),
});
const batch = fc.tuple(fc.array(image, { minLength: 1, maxLength: 3 }), fc.boolean());

const allOnes = new Array<number>(voxels).fill(1);
const trueHalf = allOnes.map((_, index) => index % 2);

const withoutMask = ({ logits, truth }: LossImage): LossImage => ({ logits, truth });

function tensorValue(loss: TensorLoss, images: readonly LossImage[]): { value: number; gradient: Float32Array } {
  const stack = (values: readonly ArrayLike<number>[]): ReturnType<typeof floatTensor> =>
    floatTensor([images.length, voxels], Float32Array.from(values.flatMap((one) => Array.from(one))));
  const logits = stack(images.map((one) => one.logits));
  const truth = stack(images.map((one) => one.truth));
  const masks = images.map((one) => one.mask);
  const mask = masks.some((one) => one === undefined) ? undefined : stack(masks as ArrayLike<number>[]);
  const input = { logits, truth, ...(mask === undefined ? {} : { mask }) };
  const { value, gradient } = loss.valueAndGradient(input);
  assert.equal(value, loss.value(input));
  const result = { value, gradient: readFloats(gradient) };
  dispose(logits, truth, mask, gradient);
  return result;
}

const pairs: readonly { name: string; tensor: TensorLoss; reference: (images: readonly LossImage[]) => LossValue }[] = [
  { name: 'cross-entropy', tensor: crossEntropy, reference: crossEntropyReference },
  ...(['image', 'batch'] as const).map((reduction) => ({
    name: `soft Dice by ${reduction}`,
    tensor: softDice({ epsilon: 1e-7, reduction }),
    reference: (images: readonly LossImage[]) => softDiceReference(images, { epsilon: 1e-7, reduction }),
  })),
];

for (const { name, tensor, reference } of pairs) {
  test(`${name} on tensors agrees with its reference, with and without masks`, () => {
    fc.assert(
      fc.property(batch, ([images, masked]) => {
        const used = masked ? images : images.map(withoutMask);
        const expected = reference(used);
        const actual = tensorValue(tensor, used);
        assert.ok(Math.abs(actual.value - expected.value) <= 2e-6 * Math.max(1, expected.value));
        const gradient = expected.gradients.flatMap((one) => [...one]);
        // With an almost empty truth and prediction the derivative in ŷ is of the order of 1/ε, but ŷ is as small.
        gradient.forEach((value, index) => {
          const difference = Math.abs((actual.gradient[index] as number) - value);
          assert.ok(difference <= 2e-6 + 1e-4 * Math.abs(value), `${String(actual.gradient[index])} ${String(value)}`);
        });
      }),
      { seed: 5 },
    );
  });

  test(`${name} on tensors does not depend on voxels that do not count`, () => {
    fc.assert(
      fc.property(fc.tuple(image, image), fc.tuple(image, image), (images, others) => {
        const merged = images.map((one, index) => ({
          logits: Array.from(one.logits, (z, i) => (one.mask[i] === 0 ? others[index] : one)?.logits[i] ?? z),
          truth: Array.from(one.truth, (y, i) => (one.mask[i] === 0 ? others[index] : one)?.truth[i] ?? y),
          mask: one.mask,
        }));
        const [before, after] = [tensorValue(tensor, images), tensorValue(tensor, merged)];
        assert.equal(after.value, before.value);
        assert.deepEqual(after.gradient.map(Math.abs), before.gradient.map(Math.abs));
        const outside = images.flatMap(({ mask }) => mask).map((counts) => counts === 0);
        assert.ok(outside.every((is, index) => !is || after.gradient[index] === 0));
      }),
      { seed: 7 },
    );
  });

  test(`${name} of an image without a voxel that counts is 0, with gradient 0, and leaves the others theirs`, () => {
    const other = { logits: Array.from({ length: voxels }, (_, i) => i / 4 - 1), truth: trueHalf, mask: allOnes };
    const empty = {
      logits: new Array<number>(voxels).fill(3),
      truth: allOnes,
      mask: new Array<number>(voxels).fill(0),
    };
    const alone = tensorValue(tensor, [empty]);
    assert.equal(alone.value, 0);
    assert.ok(alone.gradient.every((value) => value === 0));
    const both = tensorValue(tensor, [other, empty]);
    assert.ok(both.gradient.slice(voxels).every((value) => value === 0));
    assert.ok(both.gradient.slice(0, voxels).every((value) => Number.isFinite(value) && value !== 0));
  });

  test(`${name} leaves no tensors behind`, () => {
    const images = [
      { logits: new Array(voxels).fill(0.5), truth: new Array(voxels).fill(1), mask: new Array(voxels).fill(1) },
    ];
    tensorValue(tensor, images);
    const before = liveTensorCount();
    tensorValue(tensor, images);
    assert.equal(liveTensorCount(), before);
  });
}

test('each counted voxel has the same weight in cross-entropy, however many its image has', () => {
  const one = (counted: number): LossImage => ({
    logits: new Array<number>(voxels).fill(1),
    truth: new Array<number>(voxels).fill(0),
    mask: allOnes.map((_, index) => (index < counted ? 1 : 0)),
  });
  // ŷ − y = σ(1) at each counted voxel, over 2 · 12 voxels, 3 of which count in one image and 9 in the other.
  const { value, gradient } = tensorValue(crossEntropy, [one(3), one(9)]);
  const expected = 1 / (1 + Math.exp(-1)) / 24;
  gradient.forEach((entry, index) => {
    const counts = index < 3 || (index >= 12 && index < 21);
    assert.ok(Math.abs(entry - (counts ? expected : 0)) < 1e-8, `${String(entry)} at ${String(index)}`);
  });
  assert.ok(Math.abs(value - (12 * Math.log1p(Math.E)) / 24) < 1e-6);
});

test('cross-entropy on tensors stays finite for logits of ±1e4 on the wrong side', () => {
  const logits = [1e4, -1e4, ...new Array<number>(voxels - 2).fill(0)];
  const truth = [0, 1, ...new Array<number>(voxels - 2).fill(1)];
  const { value, gradient } = tensorValue(crossEntropy, [{ logits, truth }]);
  // Two voxels of 10,000 each and ten of log 2.
  assert.ok(Math.abs(value - (2e4 + 10 * Math.LN2) / 12) < 1e-2);
  assert.ok(gradient.every(Number.isFinite));
});
