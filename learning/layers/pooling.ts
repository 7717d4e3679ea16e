import * as kernels from '../tensorflow/kernels.js';
import { ownPoolingGradient } from '../tensorflow/own-kernels.js';
import { dispose, type Tensor } from '../tensorflow/tensorflow.js';
import { activationBackward } from './convolution.js';

/** What becomes of the gradient of a pooling's input. */
export interface PooledInput {
  readonly shape: readonly number[];
  /** Another part of its gradient, which is disposed. */
  readonly addend: Tensor | undefined;
  /** The input, if it is the output of a leaky ReLU before which the gradient is wanted. */
  readonly activated: Tensor | undefined;
}

/** The gradient of the input, from that of the means over blocks of 3, which it disposes. */
export function poolingBackward(gradient: Tensor, { shape, addend, activated }: PooledInput): Tensor {
  const own = ownPoolingGradient(gradient, { addend, activated });
  if (own !== undefined) {
    dispose(gradient, addend);
    return own;
  }
  const pooled = kernels.averagePoolGradient(shape, gradient);
  dispose(gradient);
  let sum = pooled;
  if (addend !== undefined) {
    sum = kernels.combine('AddV2', addend, pooled);
    dispose(addend, pooled);
  }
  return activated === undefined ? sum : activationBackward(activated, sum);
}
