import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { crossEntropyReference } from '../support/losses/ce.js';
import type { LossImage, LossValue } from '../support/losses/loss-image.js';
import { softDiceReference } from '../support/losses/sd.js';

const voxels = 6;
const image = fc.record({
  logits: fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: voxels, maxLength: voxels }),
  truth: fc.array(fc.constantFrom(0, 1), { minLength: voxels, maxLength: voxels }),
  mask: fc.array(fc.constantFrom(0, 1), { minLength: voxels, maxLength: voxels }),
});
const batch = fc.array(image, { minLength: 1, maxLength: 3 });

const losses: readonly { name: string; loss: (images: readonly LossImage[]) => LossValue }[] = [
  { name: 'cross-entropy', loss: crossEntropyReference },
  { name: 'soft Dice by image', loss: (images) => softDiceReference(images, { epsilon: 1e-3, reduction: 'image' }) },
  { name: 'soft Dice by batch', loss: (images) => softDiceReference(images, { epsilon: 1e-3, reduction: 'batch' }) },
];

function shifted(images: readonly LossImage[], place: readonly [number, number], by: number): LossImage[] {
  return images.map((one, index) => ({
    ...one,
    logits: Array.from(one.logits).map((z, voxel) => (index === place[0] && voxel === place[1] ? z + by : z)),
  }));
}

for (const { name, loss } of losses) {
  test(`the gradient of ${name} is its finite difference`, () => {
    fc.assert(
      fc.property(batch, fc.nat({ max: 2 }), fc.nat({ max: voxels - 1 }), (images, which, voxel) => {
        const place = [which % images.length, voxel] as const;
        const step = 1e-5;
        const difference =
          (loss(shifted(images, place, step)).value - loss(shifted(images, place, -step)).value) / (2 * step);
        const gradient = loss(images).gradients[place[0]]?.[voxel] as number;
        assert.ok(Math.abs(gradient - difference) <= 1e-6 * Math.max(1, Math.abs(gradient)));
      }),
      { seed: 3 },
    );
  });
}

test('cross-entropy of logits 0 is log 2 whatever the truth', () => {
  const { value } = crossEntropyReference([{ logits: [0, 0, 0], truth: [0, 1, 1] }]);
  assert.ok(Math.abs(value - Math.LN2) < 1e-15);
});

test('cross-entropy is its definition where that can be computed', () => {
  const logits = [-3, -0.2, 0.7, 2];
  const truth = [0, 1, 0, 1];
  const p = logits.map((z) => 1 / (1 + Math.exp(-z)));
  const terms = truth.map((y, i) => -(y * Math.log(p[i] as number) + (1 - y) * Math.log(1 - (p[i] as number))));
  const expected = terms.reduce((a, b) => a + b, 0) / 4;
  assert.ok(Math.abs(crossEntropyReference([{ logits, truth }]).value - expected) < 1e-14);
});

test('soft Dice loss is its definition', () => {
  // σ(0) = 1/2 four times, two of them in the structure: 1 − 2·1/(2 + 2) = 1/2.
  const { value } = softDiceReference([{ logits: [0, 0, 0, 0], truth: [1, 1, 0, 0] }], {
    epsilon: 1e-7,
    reduction: 'image',
  });
  assert.ok(Math.abs(value - 0.5) < 1e-7);
});

test('soft Dice loss of an empty truth and an empty prediction is 0 by the ε rule', () => {
  const empty = [{ logits: [-80, -80], truth: [0, 0] }];
  assert.ok(softDiceReference(empty, { epsilon: 1e-7, reduction: 'image' }).value < 1e-12);
});

test('soft Dice by image is the mean of the images and by batch the loss of their union', () => {
  const a = { logits: [3, 3, -3], truth: [1, 1, 0] };
  const b = { logits: [-3, 3, 3], truth: [1, 0, 0] };
  const byImage = (images: LossImage[]): number =>
    softDiceReference(images, { epsilon: 1e-7, reduction: 'image' }).value;
  assert.equal(byImage([a, b]), (byImage([a]) + byImage([b])) / 2);
  const union = { logits: [...a.logits, ...b.logits], truth: [...a.truth, ...b.truth] };
  const byBatch = softDiceReference([a, b], { epsilon: 1e-7, reduction: 'batch' }).value;
  assert.ok(Math.abs(byBatch - byImage([union])) < 1e-15);
});

test('a voxel outside the mask has no gradient and no share in the loss, whatever its truth', () => {
  const masked = [{ logits: [5, 5, 5], truth: [1, 1, 0], mask: [1, 0, 0] }];
  const ce = crossEntropyReference(masked);
  // One voxel counts, but the divisor stays 3.
  assert.ok(Math.abs(ce.value - Math.log1p(Math.exp(-5)) / 3) < 1e-15);
  assert.deepEqual([...(ce.gradients[0] as Float64Array)].slice(1), [0, 0]);
  const sd = softDiceReference(masked, { epsilon: 1e-7, reduction: 'image' });
  const p = 1 / (1 + Math.exp(-5));
  assert.ok(Math.abs(sd.value - (1 - (2 * p) / (p + 1))) < 1e-7);
  assert.deepEqual([...(sd.gradients[0] as Float64Array)].slice(1).map(Math.abs), [0, 0]);
});
