import { randomStream } from '../../random/random-stream.js';
import type { Network } from './network.js';
import { parameterCount, parameterLayout } from './parameter-layout.js';

/** Standard deviation of a standard normal truncated at ±2; dividing a truncated draw by it restores the deviation. */
const cutOffDeviation = 0.8796256610342398;

/**
 * The flat parameter vector before training: He-normal kernels and zero biases.
 *
 * Kernels are drawn from a normal distribution with deviation √(2 / fan-in), truncated at two deviations and rescaled,
 * like Keras's `he_normal`; fan-in is the kernel's number of voxels times its input channels. Each array has its own
 * random stream, named by `streamName`, the model and the array, so the weights are the same on every machine and for
 * both losses.
 */
export function initialWeights(network: Network, streamName: readonly (string | number)[]): Float32Array {
  const weights = new Float32Array(parameterCount(network));
  for (const { name, shape, offset, size } of parameterLayout(network)) {
    if (shape.length === 1) continue;
    const random = randomStream(...streamName, network.model, name, 'weights');
    const fanIn = size / (shape.at(-1) as number);
    const scale = Math.sqrt(2 / fanIn) / cutOffDeviation;
    for (let i = offset; i < offset + size; i++) {
      let draw = random.normal();
      while (Math.abs(draw) > 2) draw = random.normal();
      weights[i] = draw * scale;
    }
  }
  return weights;
}
