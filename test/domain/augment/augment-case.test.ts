import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import { augmentCase, type AugmentableCase } from '../../../domain/augment/augment-case.js';
import type { AugmentationSettings } from '../../../domain/augment/augmentation-settings.js';
import type { SpatialTransform } from '../../../domain/augment/draw-augmentation.js';
import { inverseLinearPart } from '../../../domain/augment/inverse-linear-part.js';
import { resampleMaps } from '../../../domain/augment/resample-maps.js';
import type { Triple } from '../../../domain/image/grid.js';
import { voxelCount } from '../../../domain/image/grid.js';
import { randomStream } from '../../../domain/random/random-stream.js';

const nothing: AugmentationSettings = {
  rotationInPlaneDegrees: 0,
  rotationOtherAxesDegrees: 0,
  scale: [1, 1],
  translationVoxels: 0,
  elastic: 'none',
  flipLeftRightProbability: 0,
  gamma: { range: [1, 1], probability: 0, percentiles: [0.5, 99.5] },
  intensityShift: 0,
  intensityScale: 0,
};

const everything: AugmentationSettings = {
  rotationInPlaneDegrees: 15,
  rotationOtherAxesDegrees: 5,
  scale: [0.85, 1.25],
  translationVoxels: 5,
  elastic: { gridSpacingVoxels: 30, shiftVoxels: [1, 3], smoothingVoxels: 6 },
  flipLeftRightProbability: 0.5,
  gamma: { range: [0.7, 1.5], probability: 0.3, percentiles: [0.5, 99.5] },
  intensityShift: 0.1,
  intensityScale: 0.1,
};

function noiseCase(shape: Triple, channels = 2): AugmentableCase {
  const random = randomStream('augmentation test', ...shape);
  const voxels = voxelCount(shape);
  return {
    shape,
    images: Array.from({ length: channels }, () => Float32Array.from({ length: voxels }, () => random.normal())),
    label: Uint8Array.from({ length: voxels }, () => random.integerBelow(2)),
    mask: Uint8Array.from({ length: voxels }, () => random.integerBelow(2)),
  };
}

/** A ball (2D: disc) of a radius round the centre of the shape. */
function ball(shape: Triple, radius: number): Uint8Array {
  const label = new Uint8Array(voxelCount(shape));
  for (let z = 0, i = 0; z < shape[2]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0; x < shape[0]; x++, i++) {
        const squares = [x, y, z].map((place, axis) => (place - ((shape[axis] as number) - 1) / 2) ** 2);
        label[i] = squares.reduce((a, b) => a + b, 0) <= radius ** 2 ? 1 : 0;
      }
    }
  }
  return label;
}

const shapes: readonly Triple[] = [
  [13, 10, 1],
  [9, 8, 7],
];

const rigid = (change: Partial<SpatialTransform>): SpatialTransform => ({
  matrix: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  translation: [0, 0, 0],
  elastic: undefined,
  ...change,
});

for (const shape of shapes) {
  const title = shape.join('×');
  test(`${title}: with every part off a case comes back exactly, in new images`, () => {
    const one = noiseCase(shape);
    const result = augmentCase(one, nothing, randomStream(1));
    assert.deepEqual(result, one);
    assert.notEqual(result.images[0], one.images[0]);
  });

  test(`${title}: the interpolation of an identity gives the values back exactly`, () => {
    const one = noiseCase(shape);
    assert.deepEqual(resampleMaps(one.images, shape, rigid({})), one.images);
  });

  test(`${title}: flips mirror x exactly`, () => {
    const one = noiseCase(shape);
    const flipped = augmentCase(one, { ...nothing, flipLeftRightProbability: 1 }, randomStream(1));
    const mirror = (index: number): number => index - (index % shape[0]) + (shape[0] - 1 - (index % shape[0]));
    assert.deepEqual(
      flipped.label,
      one.label.map((_, index) => one.label[mirror(index)] as number),
    );
    assert.deepEqual(
      flipped.mask,
      one.mask?.map((_, index) => one.mask?.[mirror(index)] as number),
    );
    flipped.images.forEach((image, channel) => {
      assert.deepEqual(
        image,
        image.map((_, index) => one.images[channel]?.[mirror(index)] as number),
      );
    });
  });

  test(`${title}: a shift by whole voxels moves the image towards higher x, and 0 comes in from outside`, () => {
    const [image] = noiseCase(shape).images as [Float32Array];
    const [moved] = resampleMaps([image], shape, rigid({ translation: [2, 0, 0] })) as [Float32Array];
    moved.forEach((value, index) => assert.equal(value, index % shape[0] < 2 ? 0 : image[index - 2]));
  });

  test(`${title}: the same stream gives the same bytes and leaves the argument alone`, () => {
    const one = noiseCase(shape);
    const copy = structuredClone(one);
    const first = augmentCase(one, everything, randomStream(1, 'a'));
    assert.deepEqual(first, augmentCase(one, everything, randomStream(1, 'a')));
    assert.notDeepEqual(first, augmentCase(one, everything, randomStream(1, 'b')));
    assert.deepEqual(one, copy);
  });
}

test('the same stream gives the same bytes on every machine and in every version', () => {
  // Whole numbers in, so that only augmentation itself is pinned; made by this test.
  const shape: Triple = [21, 18, 15];
  const image = Float32Array.from({ length: voxelCount(shape) }, (_, index) => (index * 7919) % 101);
  const label = ball(shape, 6);
  const augmented = augmentCase({ shape, images: [image], label }, everything, randomStream(2019, 'x', 0, 1, 'a'));
  const digest = (values: Float32Array | Uint8Array): string =>
    createHash('sha256').update(Buffer.from(values.buffer)).digest('hex').slice(0, 16);
  assert.deepEqual([...augmented.images, augmented.label].map(digest), ['77d4b3abd0aad20c', 'dc448e17534dca11']);
});

test('a rotation by 90° in the plane takes (x, y) to (−y, x)', () => {
  const shape: Triple = [7, 7, 3];
  const [image] = noiseCase(shape).images as [Float32Array];
  const matrix = inverseLinearPart({ anglesDegrees: [0, 0, 90], scale: 1, flipsX: false });
  const [turned] = resampleMaps([image], shape, rigid({ matrix })) as [Float32Array];
  for (let z = 0; z < 3; z++) {
    for (let y = 0; y < 7; y++) {
      for (let x = 0; x < 7; x++) {
        const value = turned[6 - y + 7 * (x + 7 * z)] as number;
        assert.ok(Math.abs(value - (image[x + 7 * (y + 7 * z)] as number)) < 1e-5);
      }
    }
  }
});

test('the linear part is the inverse of rotation times scale', () => {
  const angle = fc.double({ min: -180, max: 180, noNaN: true });
  fc.assert(
    fc.property(angle, angle, angle, fc.double({ min: 0.5, max: 2, noNaN: true }), (x, y, z, scale) => {
      const m = inverseLinearPart({ anglesDegrees: [x, y, z], scale, flipsX: false });
      for (const a of [0, 1, 2]) {
        for (const b of [0, 1, 2]) {
          const dot = [0, 1, 2].reduce((sum, k) => sum + (m[3 * a + k] as number) * (m[3 * b + k] as number), 0);
          assert.ok(Math.abs(dot * scale * scale - (a === b ? 1 : 0)) < 1e-12);
        }
      }
    }),
    { seed: 2 },
  );
});

const sumOf = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

test('a soft label is moved like an image, without a threshold', () => {
  const shape = [9, 9, 1] as const;
  const label = Float32Array.from({ length: 81 }, (_, i) => (i % 9) / 8);
  const moved = augmentCase(
    { shape, images: [label.slice()], label },
    { ...nothing, scale: [1.5, 1.5] },
    randomStream(3),
  );
  assert.deepEqual(moved.label, moved.images[0]);
  assert.notDeepEqual(moved.label, label);
  assert.ok([...moved.label].some((share) => share > 0 && share < 1));
});

test('pure rotations keep the size of a structure within 5 %', () => {
  for (const shape of [
    [41, 41, 1],
    [31, 31, 31],
  ] as const) {
    const label = ball(shape, 9);
    const size = label.reduce((a, b) => a + b, 0);
    const one = { shape, images: [Float32Array.from(label)], label };
    for (const seed of [1, 2, 3, 4, 5]) {
      const settings = { ...nothing, rotationInPlaneDegrees: 40, rotationOtherAxesDegrees: 20 };
      const turned = sumOf(augmentCase(one, settings, randomStream(seed)).label);
      assert.ok(Math.abs(turned / size - 1) < 0.05, `${String(turned)} instead of ${String(size)}`);
    }
  }
});

test('a scale above 1 makes a structure larger, by the cube of the scale in 3D', () => {
  const shape = [41, 41, 41] as const;
  const label = ball(shape, 9);
  const one = { shape, images: [Float32Array.from(label)], label };
  const grown = augmentCase(one, { ...nothing, scale: [1.5, 1.5] }, randomStream(1)).label;
  const ratio = sumOf(grown) / label.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(ratio / 1.5 ** 3 - 1) < 0.08, String(ratio));
});

test('each modality has its own intensities', () => {
  const one = {
    shape: [4, 4, 1] as const,
    images: [new Float32Array(16).fill(1), new Float32Array(16).fill(1)],
    label: new Uint8Array(16),
  };
  const { images } = augmentCase(one, { ...nothing, intensityShift: 0.1 }, randomStream(1));
  assert.notEqual(images[0]?.[0], images[1]?.[0]);
  assert.equal(images[0]?.[0], images[0]?.[15]);
});

test('switching the flip off leaves the rotation as it was', () => {
  const one = noiseCase([13, 10, 1]);
  const settings = { ...nothing, rotationInPlaneDegrees: 15 };
  const alone = augmentCase(one, settings, randomStream(4));
  const withOthersOff = augmentCase(
    one,
    { ...settings, gamma: { range: [0.7, 1.5], probability: 0, percentiles: [0, 100] } },
    randomStream(4),
  );
  assert.deepEqual(alone, withOthersOff);
});
