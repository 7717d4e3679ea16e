import assert from 'node:assert/strict';
import test from 'node:test';

import { augmentCase, type AugmentableCase } from '../../../domain/augment/augment-case.js';
import type { AugmentationSettings } from '../../../domain/augment/augmentation-settings.js';
import type { Triple } from '../../../domain/image/grid.js';
import { perAxis, voxelCount } from '../../../domain/image/grid.js';
import { randomStream } from '../../../domain/random/random-stream.js';

/** All that moves voxels, but for the elastic field, which depends on the shape. */
const moving: AugmentationSettings = {
  rotationInPlaneDegrees: 15,
  rotationOtherAxesDegrees: 5,
  scale: [0.85, 1.25],
  translationVoxels: 1,
  elastic: 'none',
  flipLeftRightProbability: 0.5,
  gamma: { range: [1, 1], probability: 0 },
  intensityShift: 0.1,
  intensityScale: 0.1,
};

/** For each voxel of `shape`, its index in a larger array that extends beyond it by `margin` on both sides. */
function placesWithin(shape: Triple, margin: Triple): readonly number[] {
  const outer = perAxis((axis) => shape[axis] + 2 * margin[axis]);
  return Array.from({ length: voxelCount(shape) }, (_, index) => {
    const x = index % shape[0];
    const y = Math.floor(index / shape[0]) % shape[1];
    const z = Math.floor(index / shape[0] / shape[1]);
    return x + margin[0] + outer[0] * (y + margin[1] + outer[1] * (z + margin[2]));
  });
}

/** A case in the middle of a larger one whose other voxels, of intensity 1,000, do not count. */
function surrounded({ shape, images, label }: AugmentableCase, margin: Triple): AugmentableCase {
  const outer = perAxis((axis) => shape[axis] + 2 * margin[axis]);
  const size = voxelCount(outer);
  const result = {
    shape: outer,
    images: images.map(() => new Float32Array(size).fill(1000)),
    label: new Uint8Array(size),
    mask: new Uint8Array(size),
  };
  placesWithin(shape, margin).forEach((place, index) => {
    images.forEach((image, channel) => (result.images[channel] as Float32Array).set([image[index] as number], place));
    result.label[place] = label[index] as number;
    result.mask[place] = 1;
  });
  return result;
}

for (const [shape, margin] of [
  [
    [21, 18, 1],
    [4, 6, 0],
  ],
  [
    [15, 12, 9],
    [4, 3, 5],
  ],
] as const) {
  test(`${shape.join('×')}: what lies outside an image has no influence on a voxel that counts`, () => {
    const random = randomStream('counted voxels', ...shape);
    const size = voxelCount(shape);
    const image = Float32Array.from({ length: size }, () => random.normal());
    // Without a mask every voxel counts, until one comes in from outside.
    const one = { shape, images: [image], label: Uint8Array.from({ length: size }, () => random.integerBelow(2)) };
    const larger = surrounded(one, margin);
    const places = placesWithin(shape, margin);
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    let counted = 0;
    for (const seed of seeds) {
      // Every motion is about the centre, which both share.
      const alone = augmentCase(one, moving, randomStream(seed));
      const within = augmentCase(larger, moving, randomStream(seed));
      places.forEach((place, index) => {
        assert.equal(alone.mask?.[index], within.mask?.[place]);
        if (alone.mask?.[index] === 0) return;
        counted++;
        assert.equal(alone.label[index], within.label[place]);
        const difference = (alone.images[0]?.[index] as number) - (within.images[0]?.[place] as number);
        assert.ok(Math.abs(difference) < 1e-4, String(difference));
      });
    }
    const share = counted / size / seeds.length;
    assert.ok(share > 0.5 && share < 0.95, `${String(share)} of the voxels count`);
  });
}

test('of a flipped row a voxel counts where it is wholly from inside', () => {
  const mask = Uint8Array.of(0, 1, 1, 1, 1, 0, 0, 0);
  const one = { shape: [8, 1, 1] as const, images: [new Float32Array(8)], label: new Uint8Array(8), mask };
  const flip = { ...moving, rotationInPlaneDegrees: 0, rotationOtherAxesDegrees: 0, translationVoxels: 0 };
  const masked = (scale: number): Uint8Array | undefined =>
    augmentCase(one, { ...flip, scale: [scale, scale], flipLeftRightProbability: 1 }, randomStream(1)).mask;
  assert.deepEqual(masked(1), Uint8Array.of(0, 0, 0, 1, 1, 1, 1, 0));
  // Twice as large, voxel x comes from 3.5 − (x − 3.5) / 2: 5.25, 4.75, 4.25, 3.75, … The first three reach beyond 4.
  assert.deepEqual(masked(2), Uint8Array.of(0, 0, 0, 1, 1, 1, 1, 1));
});

test('a mask whose case is not moved comes back as it was', () => {
  const still = { ...moving, rotationInPlaneDegrees: 0, rotationOtherAxesDegrees: 0, translationVoxels: 0 };
  const settings: AugmentationSettings = { ...still, scale: [1, 1], flipLeftRightProbability: 0 };
  const mask = Uint8Array.of(0, 1, 1, 0);
  const one = { shape: [4, 1, 1] as const, images: [new Float32Array(4)], label: new Uint8Array(4) };
  assert.deepEqual(augmentCase({ ...one, mask }, settings, randomStream(1)).mask, mask);
  assert.equal(augmentCase(one, settings, randomStream(1)).mask, undefined);
});
