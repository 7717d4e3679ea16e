import {
  convolutionAlone,
  convolutionThen,
  inputGradient,
  parameterGradients,
  type Following,
} from './convolution-kernels.js';
import { leakyReluGradient } from './kernels.js';
import { ownConvolution, ownInputGradient, ownParameterGradients } from './own-kernels.js';
import { dispose, type Tensor } from './tensorflow.js';

/** Zero-padded convolutions by our own kernels where they can run, else by TensorFlow's (convolution-kernels.ts). */

export function convolution(input: Tensor, kernel: Tensor): Tensor {
  return ownConvolution(input, kernel) ?? convolutionAlone(input, kernel);
}

/** The convolution followed by the given operations. */
export function convolutionWith(input: Tensor, kernel: Tensor, following: Following): Tensor {
  return ownConvolution(input, kernel, following) ?? convolutionThen(input, kernel, following);
}

/**
 * Gradient of the convolution's input, from the gradient of its output; through the leaky ReLU before it if `activated`,
 * the input, is that's output.
 */
export function convolutionInputGradient(
  inputShape: readonly number[],
  kernel: Tensor,
  outputGradient: Tensor,
  activated?: Tensor,
): Tensor {
  const own = ownInputGradient(kernel, outputGradient, activated);
  if (own !== undefined) return own;
  const gradient = inputGradient(inputShape, kernel, outputGradient);
  if (activated === undefined) return gradient;
  const through = leakyReluGradient(gradient, activated);
  dispose(gradient);
  return through;
}

/** Gradients of the convolution's kernel and bias, from its input and the gradient of its output. */
export function convolutionParameterGradients(
  input: Tensor,
  kernelShape: readonly number[],
  outputGradient: Tensor,
): { readonly kernel: Tensor; readonly bias: Tensor } {
  return (
    ownParameterGradients(input, kernelShape, outputGradient) ?? parameterGradients(input, kernelShape, outputGradient)
  );
}
