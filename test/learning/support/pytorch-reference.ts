import type { Triple } from '../../../domain/image/grid.js';
import { voxelCount } from '../../../domain/image/grid.js';
import { describeNetwork } from '../../../domain/training/networks/describe-network.js';
import type { NetworkChoice } from '../../../domain/training/networks/network.js';
import { outputShape } from '../../../domain/training/networks/node-shapes.js';
import { parameterLayout } from '../../../domain/training/networks/parameter-layout.js';
import type { TensorLoss } from '../../../learning/losses/tensor-loss.js';
import { networkPass } from '../../../learning/network/network-pass.js';
import { splitParameters } from '../../../learning/network/parameters.js';
import { reshape } from '../../../learning/tensorflow/kernels.js';
import { dispose, floatTensor, readFloats } from '../../../learning/tensorflow/tensorflow.js';
import { inputTensor, truthTensors } from '../../../learning/training/batch.js';
import type { TrainingCase } from '../../../learning/training/training-case.js';
import { congruential } from './small-problems.js';

/** What the scripts in test/fixtures/learning store of an array. */
export interface Summary {
  readonly norm: number;
  readonly projection: number;
  readonly entries: readonly number[];
}

/** The largest deviation of norm, projection and entries, each as a share of the array's norm. */
export function deviation(values: Float32Array, expected: Summary): number {
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  const direction = congruential(777, values.length);
  const projection = values.reduce((sum, value, index) => sum + value * (direction[index] as number), 0);
  const step = Math.max(1, Math.floor(values.length / 4));
  return Math.max(
    Math.abs(Math.sqrt(squares) - expected.norm) / expected.norm,
    // A random direction has norm √(n/3), and so a projection of that many times the deviation's own norm.
    Math.abs(projection - expected.projection) / expected.norm / Math.sqrt(values.length / 3),
    ...expected.entries.map((entry, index) => Math.abs((values[index * step] as number) - entry) / expected.norm),
  );
}

/** The scripts' weights. */
export function referenceWeights(network: NetworkChoice): Float32Array {
  const layout = parameterLayout(describeNetwork(network));
  const last = layout.at(-1);
  const weights = new Float32Array(last === undefined ? 0 : last.offset + last.size);
  layout.forEach(({ shape, size, offset }, index) => {
    const isBias = shape.length === 1;
    const scale = isBias ? 0.1 : Math.fround(Math.sqrt(6 / (size / (shape.at(-1) as number))));
    congruential(index + 1, size).forEach((value, i) => {
      weights[offset + i] = isBias ? value * scale : Math.fround(value) * scale;
    });
  });
  return weights;
}

/** The scripts' box: without a sixth at both ends of every axis; in the second case of a batch from 0 to a half. */
export function boxLabel(shape: Triple, index: number): Uint8Array {
  const label = new Uint8Array(voxelCount(shape));
  const inside = (position: number, size: number): boolean => {
    const sixth = Math.floor(size / 6);
    // A 2D image has one slice, which is all in.
    if (size === 1) return true;
    return index === 0 ? position >= sixth && position < size - sixth : position < Math.floor((size + 1) / 2);
  };
  for (let k = 0, i = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let x = 0; x < shape[0]; x++, i++) {
        label[i] = inside(x, shape[0]) && inside(j, shape[1]) && inside(k, shape[2]) ? 1 : 0;
      }
    }
  }
  return label;
}

/** Loss and gradients of a batch with the scripts' weights. */
export function forwardAndBackward(
  network: NetworkChoice,
  loss: TensorLoss,
  cases: readonly TrainingCase[],
): {
  readonly value: number;
  readonly logits: Float32Array;
  readonly logitsGradient: Float32Array;
  readonly gradients: readonly Float32Array[];
} {
  const description = describeNetwork(network);
  const weights = referenceWeights(network);
  const inputShape = cases[0]?.shape ?? [1, 1, 1];
  const geometry = { network, inputShape, outputShape: outputShape(network, inputShape) };
  const flat = floatTensor([weights.length], weights);
  const parameters = splitParameters(flat, parameterLayout(description));
  const input = inputTensor(cases, geometry);
  const maps = truthTensors(cases, geometry);
  const forward = networkPass(description).forward(parameters, input);
  const logits = readFloats(forward.logits);
  const rows = reshape(forward.logits, [cases.length, voxelCount(geometry.outputShape)]);
  const { value, gradient } = loss.valueAndGradient({ logits: rows, ...maps });
  const shaped = reshape(gradient, forward.logits.shape);
  const gradients = forward.backward(shaped);
  const result = { value, logits, logitsGradient: readFloats(gradient), gradients: gradients.map(readFloats) };
  dispose(flat, ...parameters, input, rows, gradient, ...gradients, maps.truth, maps.mask);
  return result;
}
