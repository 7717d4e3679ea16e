import type { Upsampling } from '../../domain/training/networks/network.js';
import { reshape } from '../tensorflow/kernels.js';
import type { Tensor } from '../tensorflow/tensorflow.js';
import { interpolateAxes, interpolateAxesBackward } from './interpolation.js';

// Slowest axis first: the array is smallest then.
const spatialAxes = (shape: readonly number[]): readonly number[] => shape.slice(1, -1).map((_, index) => index + 1);

const allButLast = (shape: readonly number[]): readonly number[] => spatialAxes(shape).slice(0, -1);

/** Up-samples every spatial axis by 3. */
export function upsamplingForward(input: Tensor, upsampling: Upsampling): Tensor {
  return interpolateAxes(reshape(input, input.shape), spatialAxes(input.shape), upsampling);
}

/** The exact adjoint of `upsamplingForward`; disposes the given gradient. */
export function upsamplingBackward(inputShape: readonly number[], gradient: Tensor, upsampling: Upsampling): Tensor {
  return interpolateAxesBackward(inputShape, gradient, spatialAxes(inputShape), upsampling);
}

/** Up-samples every spatial axis except the last by 3, as input for a merged convolution. */
export function partialUpsamplingForward(input: Tensor, upsampling: Upsampling): Tensor {
  return interpolateAxes(reshape(input, input.shape), allButLast(input.shape), upsampling);
}

/** The exact adjoint of `partialUpsamplingForward`; disposes the given gradient. */
export function partialUpsamplingBackward(
  inputShape: readonly number[],
  gradient: Tensor,
  upsampling: Upsampling,
): Tensor {
  return interpolateAxesBackward(inputShape, gradient, allButLast(inputShape), upsampling);
}
