import { DomainError } from '../../domain/domain-error.js';
import { voxelCount, type Triple } from '../../domain/image/grid.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import type { LossBatch } from '../losses/tensor-loss.js';
import { tensorShape } from '../tensorflow/tensors.js';
import { floatTensor, type Tensor } from '../tensorflow/tensorflow.js';
import type { PredictionCase, TrainingCase } from './training-case.js';

/** Which voxels of a case a network reads and which it predicts. */
export interface BatchGeometry {
  readonly network: NetworkChoice;
  readonly inputShape: Triple;
  readonly outputShape: Triple;
}

function refuseUnlessFitting(one: PredictionCase, { network, inputShape }: BatchGeometry): void {
  if (one.images.length !== network.channels) {
    throw new DomainError(
      'IMAGE_SHAPE_MISMATCH',
      `a case has ${String(one.images.length)} channels, but the network takes ${String(network.channels)}`,
    );
  }
  const voxels = voxelCount(inputShape);
  const sameShape = one.shape.every((size, axis) => size === inputShape[axis]);
  if (!sameShape || one.images.some((image) => image.length !== voxels)) {
    throw new DomainError(
      'IMAGE_SHAPE_MISMATCH',
      `a case has the shape ${one.shape.join('×')}, but the network takes ${inputShape.join('×')}`,
    );
  }
}

const run = 1024;

/** The images of the cases as one tensor [case, …, channel]. */
export function inputTensor(cases: readonly PredictionCase[], geometry: BatchGeometry): Tensor {
  const { network, inputShape } = geometry;
  const { channels } = network;
  const voxels = voxelCount(inputShape);
  const values = new Float32Array(cases.length * voxels * channels);
  cases.forEach((one, index) => {
    refuseUnlessFitting(one, geometry);
    // Run by run, so that the channels of a run meet in the processor's cache.
    for (let first = 0; first < voxels; first += run) {
      const end = Math.min(first + run, voxels);
      one.images.forEach((image, channel) => {
        let target = (index * voxels + first) * channels + channel;
        for (let voxel = first; voxel < end; voxel++) {
          values[target] = image[voxel] as number;
          target += channels;
        }
      });
    }
  });
  return floatTensor(tensorShape(network.dimensions, cases.length, inputShape, channels), values);
}

/** Copies the central region of size `outputShape` from `shape` into `target`, starting at `offset`. */
export function copyCentreInto(
  target: Float32Array,
  offset: number,
  source: { readonly values: Uint8Array | Float32Array; readonly shape: Triple; readonly outputShape: Triple },
): void {
  const { values, shape, outputShape } = source;
  const first = shape.map((size, axis) => (size - (outputShape[axis] as number)) / 2) as [number, number, number];
  let index = offset;
  for (let z = 0; z < outputShape[2]; z++) {
    for (let y = 0; y < outputShape[1]; y++) {
      const row = first[0] + shape[0] * (first[1] + y + shape[1] * (first[2] + z));
      for (let x = 0; x < outputShape[0]; x++) target[index++] = values[row + x] as number;
    }
  }
}

function centres(
  maps: readonly (Uint8Array | Float32Array | undefined)[],
  { inputShape, outputShape }: BatchGeometry,
): Tensor {
  const voxels = voxelCount(outputShape);
  const target = new Float32Array(maps.length * voxels).fill(1);
  maps.forEach((values, index) => {
    if (values !== undefined) copyCentreInto(target, index * voxels, { values, shape: inputShape, outputShape });
  });
  return floatTensor([maps.length, voxels], target);
}

/** Truth and, unless all voxels count, the masks, on the region that the network predicts: [case, voxel]. */
export function truthTensors(cases: readonly TrainingCase[], geometry: BatchGeometry): Omit<LossBatch, 'logits'> {
  const truth = centres(
    cases.map(({ label }) => label),
    geometry,
  );
  if (cases.every(({ mask }) => mask === undefined)) return { truth };
  return {
    truth,
    mask: centres(
      cases.map(({ mask }) => mask),
      geometry,
    ),
  };
}
