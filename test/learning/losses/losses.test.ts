import assert from 'node:assert/strict';
import test from 'node:test';

import fc from 'fast-check';

import { crossEntropy } from '../../../learning/losses/ce.js';
import { liveTensorCount } from '../support/live-tensor-count.js';
import type { LossImage } from '../support/losses/loss-image.js';
import { assertAgreement, chosen, lovasz, softPairs, tensorValue } from '../support/losses/pairs.js';
import { congruential } from '../support/small-problems.js';

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
/** Without the extreme and equal logits that fast-check likes to try. */
const evenImage = fc.tuple(image, fc.nat()).map(([one, seed]) => ({
  ...one,
  logits: Array.from(congruential(seed, voxels), (value) => Math.fround(3 * value)),
}));
const evenBatch = fc.tuple(fc.array(evenImage, { minLength: 1, maxLength: 3 }), fc.boolean());

const allOnes = new Array<number>(voxels).fill(1);
const trueHalf = allOnes.map((_, index) => index % 2);

const withoutMask = ({ logits, truth }: LossImage): LossImage => ({ logits, truth });

/** Whether no two errors of the Lovász hinge are equal or 0, where it has no derivative. */
function isHingeSmooth(images: readonly LossImage[]): boolean {
  return images.every(({ logits, truth }) => {
    const errors = Array.from(logits, (z, i) => (truth[i] === 1 ? 1 - z : 1 + z)).sort((a, b) => a - b);
    return errors.every((error, i) => Math.abs(error) > 1e-3 && error - (errors[i - 1] ?? -Infinity) > 1e-3);
  });
}

for (const pair of [...softPairs, lovasz]) {
  const { name, tensor } = pair;
  test(`${name} on tensors agrees with its reference, with and without masks`, () => {
    fc.assert(
      fc.property(pair === lovasz ? evenBatch : batch, ([images, masked]) => {
        const used = masked ? images : images.map(withoutMask);
        fc.pre(pair !== lovasz || isHingeSmooth(used));
        assertAgreement(pair, used);
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
    // Of the mean over two images, or of twice as many voxels; the sums of a batch are those of the other alone.
    const share = name.includes('batch') ? 1 : 0.5;
    assert.ok(both.gradient.slice(voxels).every((value) => value === 0));
    const own = both.gradient.slice(0, voxels);
    tensorValue(tensor, [other]).gradient.forEach((value, i) => {
      assert.ok(Math.abs((own[i] as number) - share * value) <= 1e-6 * Math.abs(value));
    });
    assert.ok(own.some((value) => value !== 0));
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

for (const [name, loss] of [
  ['cross-entropy', crossEntropy],
  ['focal loss', chosen({ kind: 'focal', gamma: 2 })],
] as const) {
  test(`${name} on tensors stays finite for logits of ±1e4 on the wrong side`, () => {
    const logits = [1e4, -1e4, ...new Array<number>(voxels - 2).fill(40)];
    const truth = [0, 1, ...new Array<number>(voxels - 2).fill(1)];
    const { value, gradient } = tensorValue(loss, [{ logits, truth }]);
    // Two voxels of 10,000 each, and ten of e⁻⁴⁰.
    assert.ok(Math.abs(value - 2e4 / 12) < 1e-2);
    assert.ok(Math.abs((gradient[0] as number) - 1 / 12) < 1e-7 && Math.abs((gradient[1] as number) + 1 / 12) < 1e-7);
    assert.ok(gradient.every(Number.isFinite));
  });
}
