import type { AugmentationSettings } from '../../../domain/augment/augmentation-settings.js';
import type { Triple } from '../../../domain/image/grid.js';
import { voxelCount } from '../../../domain/image/grid.js';
import { randomStream } from '../../../domain/random/random-stream.js';
import type { TrainingSettings } from '../../../domain/training/training-settings.js';
import type { TrainingCase } from '../../../learning/training/training-case.js';

/** Numbers in [-1, 1) from s ← 1664525 s + 1013904223 mod 2³², as in test/fixtures/learning/pytorch_reference.py. */
export function congruential(seed: number, count: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A noisy image with a brighter box, which is its label. */
export function boxCase(shape: Triple, channels: number, name: string): TrainingCase & { readonly label: Uint8Array } {
  const random = randomStream('box', name);
  const inside = (index: number, axis: number): boolean => {
    const size = shape[axis] as number;
    return size === 1 || (index >= Math.floor(size / 3) && index < Math.ceil((2 * size) / 3));
  };
  const label = new Uint8Array(voxelCount(shape));
  for (let z = 0, i = 0; z < shape[2]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0; x < shape[0]; x++, i++) label[i] = inside(x, 0) && inside(y, 1) && inside(z, 2) ? 1 : 0;
    }
  }
  const images = Array.from({ length: channels }, () =>
    Float32Array.from(label, (value) => value + random.normal(0, 0.5)),
  );
  return { shape, images, label };
}

export const tinyTraining: TrainingSettings = {
  batchSize: 1,
  maxEpochs: 3,
  learningRate: 1e-3,
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  plateau: { patienceEpochs: 75, divideBy: 5 },
  stop: { patienceEpochs: 150 },
  minDelta: 1e-4,
  softDice: { epsilon: 1e-7, reduction: 'image' },
  augmentation: 'none',
};

/** Every kind of augmentation at once, at the size of small images. */
export const tinyAugmentation: AugmentationSettings = {
  rotationInPlaneDegrees: 15,
  rotationOtherAxesDegrees: 5,
  scale: [0.85, 1.25],
  translationVoxels: 2,
  elastic: { gridSpacingVoxels: 10, shiftVoxels: [1, 2], smoothingVoxels: 3 },
  flipLeftRightProbability: 0.5,
  gamma: { range: [0.7, 1.5], probability: 0.3, percentiles: [0.5, 99.5] },
  intensityShift: 0.1,
  intensityScale: 0.1,
};
