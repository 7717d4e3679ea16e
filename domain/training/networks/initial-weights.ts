import { randomStream } from '../../random/random-stream.js';
import type { Network } from './network.js';
import { parameterCount, parameterLayout } from './parameter-layout.js';

/** Standard deviation of a unit normal cut off at ±2, by which a cut-off draw is divided to restore the deviation. */
const cutOffDeviation = 0.8796256610342398;

/**
 * The flat parameter vector before training: He-normal kernels and zero biases.
 *
 * Kernels are drawn from a normal of deviation √(2 / fan-in), cut off at two deviations and rescaled, as Keras's
 * `he_normal` does; fan-in is the kernel's voxels times its input channels. Each array has its own stream, named by
 * `streamName`, the model and the array, so the weights are the same on every machine and for both losses.
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
