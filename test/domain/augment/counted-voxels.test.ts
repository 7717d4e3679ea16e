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
  gamma: { range: [1, 1], probability: 0, percentiles: [0.5, 99.5] },
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

/** A mask in the middle of a larger one, with 0 around it. */
function surrounded({ shape, mask }: { shape: Triple; mask: Uint8Array }, margin: Triple): AugmentableCase {
  const outer = perAxis((axis) => shape[axis] + 2 * margin[axis]);
  const size = voxelCount(outer);
  const result = { shape: outer, images: [], label: new Uint8Array(size), mask: new Uint8Array(size) };
  placesWithin(shape, margin).forEach((place, index) => {
    result.mask[place] = mask[index] as number;
  });
  return result;
}

const shapes = [
  [
    [21, 18, 1],
    [6, 6, 0],
  ],
  [
    [15, 12, 9],
    [5, 5, 5],
  ],
] as const;

for (const [shape, margin] of shapes) {
  test(`${shape.join('×')}: voxels from outside the crop do not count, as if they had been padding inside it`, () => {
    const size = voxelCount(shape);
    // Without a mask every voxel counts, until one comes in from outside.
    const one = { shape, images: [], label: new Uint8Array(size) };
    const larger = surrounded({ shape, mask: new Uint8Array(size).fill(1) }, margin);
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    let counted = 0;
    for (const seed of seeds) {
      // Every motion is about the centre, which both share.
      const alone = augmentCase(one, moving, randomStream(seed));
      const within = augmentCase(larger, moving, randomStream(seed));
      placesWithin(shape, margin).forEach((place, index) => {
        assert.equal(alone.mask?.[index], within.mask?.[place]);
        counted += alone.mask?.[index] ?? 0;
      });
    }
    const share = counted / size / seeds.length;
    assert.ok(share > 0.6 && share < 0.98, `${String(share)} of the voxels count`);
  });

  test(`${shape.join('×')}: a structure keeps its share of the voxels that count`, () => {
    // The label is the left third of the image, from edge to edge: image and structure lose and win alike.
    const label = Uint8Array.from({ length: voxelCount(shape) }, (_, index) =>
      index % shape[0] < shape[0] / 3 ? 1 : 0,
    );
    const mask = new Uint8Array(label.length).fill(1);
    const structure = surrounded({ shape, mask: label }, margin).mask ?? label;
    const one = { ...surrounded({ shape, mask }, margin), label: structure };
    let [inside, all] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const moved = augmentCase(one, { ...moving, translationVoxels: 0 }, randomStream(seed));
      moved.mask?.forEach((counts, index) => {
        all += counts;
        inside += counts * (moved.label[index] as number);
      });
    }
    assert.ok(Math.abs(inside / all - 1 / 3) < 0.01, `${String(inside / all)} instead of a third`);
  });
}

test('of a flipped row a voxel counts where it is half from inside, or more', () => {
  const mask = Uint8Array.of(0, 1, 1, 1, 1, 0, 0, 0);
  const one = { shape: [8, 1, 1] as const, images: [new Float32Array(8)], label: new Uint8Array(8), mask };
  const flip = { ...moving, rotationInPlaneDegrees: 0, rotationOtherAxesDegrees: 0, translationVoxels: 0 };
  const masked = (scale: number): Uint8Array | undefined =>
    augmentCase(one, { ...flip, scale: [scale, scale], flipLeftRightProbability: 1 }, randomStream(1)).mask;
  assert.deepEqual(masked(1), Uint8Array.of(0, 0, 0, 1, 1, 1, 1, 0));
  // Twice as large, voxel x comes from 3.5 − (x − 3.5) / 2: 5.25, 4.75, 4.25, … The second is a quarter of voxel 4, the last.
  assert.deepEqual(masked(2), Uint8Array.of(0, 0, 1, 1, 1, 1, 1, 1));
});

test('a mask whose case is not moved comes back as it was', () => {
  const still = { ...moving, rotationInPlaneDegrees: 0, rotationOtherAxesDegrees: 0, translationVoxels: 0 };
  const settings: AugmentationSettings = { ...still, scale: [1, 1], flipLeftRightProbability: 0 };
  const mask = Uint8Array.of(0, 1, 1, 0);
  const one = { shape: [4, 1, 1] as const, images: [new Float32Array(4)], label: new Uint8Array(4) };
  assert.deepEqual(augmentCase({ ...one, mask }, settings, randomStream(1)).mask, mask);
  assert.equal(augmentCase(one, settings, randomStream(1)).mask, undefined);
});
