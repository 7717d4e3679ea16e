import { randomStream } from '../../../domain/random/random-stream.js';
import { floatTensor, readFloats, type Tensor } from '../../../learning/tensorflow/tensorflow.js';

/** Standard normal numbers, always the same for a name and a shape. */
export function normalTensor(name: string, shape: readonly number[]): { values: Float32Array; tensor: Tensor } {
  const random = randomStream('own kernels', name);
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
  return { values, tensor: floatTensor(shape, values) };
}

/** The largest difference of two tensors' numbers, as a share of the largest expected one. */
export function relativeDistance(actual: Tensor, expected: ArrayLike<number>): number {
  const values = readFloats(actual);
  if (values.length !== expected.length) throw new RangeError(`${values.length} numbers, expected ${expected.length}`);
  let [worst, scale] = [0, 0];
  values.forEach((value, index) => {
    worst = Math.max(worst, Math.abs(value - (expected[index] as number)));
    scale = Math.max(scale, Math.abs(expected[index] as number));
  });
  return worst / scale;
}
