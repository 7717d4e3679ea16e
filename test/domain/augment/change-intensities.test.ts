import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { augmentCase } from '../../../domain/augment/augment-case.js';
import type { AugmentationSettings } from '../../../domain/augment/augmentation-settings.js';
import {
  changeIntensitiesInto,
  withoutPadding,
  type IntensityRegion,
} from '../../../domain/augment/change-intensities.js';
import type { Triple } from '../../../domain/image/grid.js';
import { centralCrop } from '../../../domain/preprocess/crop.js';
import { randomStream } from '../../../domain/random/random-stream.js';
import { repositoryRoot } from '../../support/paths.js';

interface Reference {
  readonly shape: Triple;
  readonly values: readonly number[];
  readonly mask: readonly number[];
  readonly cases: readonly {
    readonly gamma: number;
    readonly percentiles: readonly [number, number];
    readonly scale: number;
    readonly shift: number;
    readonly masked: boolean;
    readonly expected: readonly number[];
  }[];
}

const reference = JSON.parse(
  readFileSync(join(repositoryRoot, 'test', 'fixtures', 'augment', 'intensities.json'), 'utf8'),
) as Reference;

const unchanged = { gamma: 1, percentiles: [0.5, 99.5] as const, scale: 1, shift: 0 };
const all = (values: Float32Array): IntensityRegion => {
  const image = new Uint8Array(values.length).fill(1);
  return { image, tissue: image };
};

test('gamma, scale and shift agree with NumPy on a CT-like slice with padding, bone and metal', () => {
  const image = withoutPadding([Float32Array.from(reference.values)]);
  for (const { masked, expected, ...transform } of reference.cases) {
    const values = Float32Array.from(reference.values);
    changeIntensitiesInto(values, transform, { image, tissue: masked ? Uint8Array.from(reference.mask) : image });
    values.forEach((value, i) => {
      const wanted = expected[i] as number;
      assert.ok(Math.abs(value - wanted) < 1e-6 * Math.max(1, Math.abs(wanted)), `${i}: ${value} against ${wanted}`);
      if (image[i] === 0) assert.equal(value, 0);
    });
  }
});

test('gamma keeps two percentiles, the values beyond them, and the order of all values', () => {
  const values = Float32Array.of(-2, 0, 1, 3);
  changeIntensitiesInto(values, { ...unchanged, gamma: 2, percentiles: [0, 100] }, all(values));
  // On [−2, 3]: 0 is 0.4 of the way, squared 0.16; 1 is 0.6, squared 0.36.
  [-2, -2 + 5 * 0.16, -2 + 5 * 0.36, 3].forEach((expected, index) => {
    assert.ok(Math.abs((values[index] as number) - expected) < 1e-6);
  });
  const value = fc.float({ min: -50, max: 50, noNaN: true });
  const percentiles = fc.tuple(fc.integer({ min: 0, max: 45 }), fc.integer({ min: 55, max: 100 }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), percentiles, (list, limits) => {
      for (const gamma of [0.5, 2]) {
        const before = Float32Array.from(list).sort();
        const after = before.slice();
        changeIntensitiesInto(after, { ...unchanged, gamma, percentiles: limits }, all(after));
        for (let i = 1; i < after.length; i++) assert.ok((after[i] as number) >= (after[i - 1] as number));
        const inner = before.filter((one, i) => after[i] !== one);
        assert.ok(inner.length <= Math.ceil(((limits[1] - limits[0]) / 100) * before.length) + 1);
      }
    }),
  );
});

test('metal in a CT moves tissue by nothing, where its whole range would move it by standard deviations', () => {
  // Tissue 30 ± 12 HU in a mask, one voxel of 3000 HU in it, and air of −1024 HU around it; in deviations of the tissue.
  const random = randomStream('ct');
  const tissue = Float32Array.from({ length: 5000 }, () => random.normal());
  const values = Float32Array.of(...tissue, (3000 - 30) / 12, ...new Float32Array(500).fill((-1024 - 30) / 12));
  const mask = Uint8Array.from(values, (_, i) => (i <= 5000 ? 1 : 0));
  const image = new Uint8Array(values.length).fill(1);
  const moved = (percentiles: readonly [number, number], inside: Uint8Array): number => {
    const after = values.slice();
    changeIntensitiesInto(after, { ...unchanged, gamma: 1.5, percentiles }, { image, tissue: inside });
    return after.subarray(0, 5000).reduce((sum, value, i) => sum + Math.abs(value - (values[i] as number)), 0) / 5000;
  };
  assert.ok(moved([0, 100], image) > 20, 'what the whole range does');
  assert.ok(moved([0.5, 99.5], mask) < 0.8);
});

test('a constant image keeps its value under gamma; scale and shift act after it', () => {
  const values = Float32Array.of(2, 2, 2);
  changeIntensitiesInto(values, { ...unchanged, gamma: 0.7, scale: 3, shift: -1 }, all(values));
  assert.deepEqual([...values], [5, 5, 5]);
});

test('a mask without a voxel leaves gamma without effect', () => {
  const values = Float32Array.of(1, 2, 3);
  const region = { image: new Uint8Array(3).fill(1), tissue: new Uint8Array(3) };
  changeIntensitiesInto(values, { ...unchanged, gamma: 2 }, region);
  assert.deepEqual([...values], [1, 2, 3]);
});

test('the padding of a crop is 0 after augmentation, in every modality', () => {
  const [shape, cropShape] = [[6, 5, 1] as const, [12, 9, 1] as const];
  const random = randomStream('padding');
  const crop = (values: Float32Array): Float32Array => centralCrop({ values, shape }, cropShape);
  const noise = (): Float32Array => crop(Float32Array.from({ length: 30 }, () => 2 + random.normal()));
  const one = { shape: cropShape, images: [noise(), noise()], label: new Uint8Array(108) };
  const settings: AugmentationSettings = {
    ...{ rotationInPlaneDegrees: 0, rotationOtherAxesDegrees: 0, translationVoxels: 0 },
    ...{ scale: [1, 1], elastic: 'none', flipLeftRightProbability: 0, intensityShift: 1, intensityScale: 0.5 },
    gamma: { range: [0.7, 1.5], probability: 1, percentiles: [0.5, 99.5] },
  };
  const { images } = augmentCase(one, settings, randomStream(1));
  const padding = crop(new Float32Array(30).fill(1)).map((inside) => 1 - inside);
  images.forEach((values, channel) => {
    values.forEach((value, i) => assert.equal(value === 0, padding[i] === 1, String(i)));
    assert.notDeepEqual(values, one.images[channel]);
  });
});
