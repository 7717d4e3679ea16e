import type { ConvolutionNode } from '../../domain/training/networks/network.js';
import {
  convolutionInputGradient,
  convolutionParameterGradients,
  convolutionWith,
} from '../tensorflow/convolutions.js';
import * as kernels from '../tensorflow/kernels.js';
import { dispose, type Tensor } from '../tensorflow/tensorflow.js';
import { entryCount } from '../tensorflow/tensors.js';

/** Parameters of a convolution; the kernel is [window…, in, out]. */
export interface ConvolutionParameters {
  readonly kernel: Tensor;
  readonly bias: Tensor;
}

export interface ConvolutionGradients {
  readonly kernel: Tensor;
  readonly bias: Tensor;
  /** Absent if the caller does not request it. */
  readonly input?: Tensor;
}

/** A 1-wide convolution is one matrix product over all voxels, which is faster than TensorFlow's convolution. */
const isMatrixProduct = (kernel: Tensor): boolean => kernel.shape.slice(0, -2).every((size) => size === 1);

const asRows = (tensor: Tensor): Tensor => {
  const columns = tensor.shape.at(-1) as number;
  return kernels.reshape(tensor, [entryCount(tensor.shape) / columns, columns]);
};

const asMatrix = (kernel: Tensor): Tensor => kernels.reshape(kernel, kernel.shape.slice(-2));

function multiplyRows(input: Tensor, { kernel, bias }: ConvolutionParameters): Tensor {
  const rows = asRows(input);
  const matrix = asMatrix(kernel);
  const output = kernels.matrixProduct(rows, matrix);
  const biased = kernels.addBias(output, bias);
  dispose(rows, matrix, output);
  return kernels.reshaped(biased, [...input.shape.slice(0, -1), kernel.shape.at(-1) as number]);
}

/** Zero-padded convolution with bias and optional leaky ReLU. */
export function convolutionForward(
  input: Tensor,
  parameters: ConvolutionParameters,
  activation: ConvolutionNode['activation'],
): Tensor {
  const { kernel, bias } = parameters;
  if (!isMatrixProduct(kernel)) return convolutionWith(input, kernel, { bias, activation });
  const product = multiplyRows(input, parameters);
  if (activation === 'none') return product;
  const result = kernels.leakyRelu(product);
  dispose(product);
  return result;
}

function productGradients(
  input: Tensor,
  kernel: Tensor,
  gradient: Tensor,
  wantsInput: boolean,
): Omit<ConvolutionGradients, 'bias'> {
  const inputRows = asRows(input);
  const gradientRows = asRows(gradient);
  const kernelGradient = kernels.matrixProduct(inputRows, gradientRows, 'first');
  if (!wantsInput) {
    dispose(inputRows, gradientRows);
    return { kernel: kernelGradient };
  }
  const matrix = asMatrix(kernel);
  const inputGradient = kernels.reshaped(kernels.matrixProduct(gradientRows, matrix, 'second'), input.shape);
  dispose(inputRows, gradientRows, matrix);
  return { kernel: kernelGradient, input: inputGradient };
}

/** Which gradient of a convolution's input is wanted: that before the leaky ReLU whose output the input is, or none. */
export type WantedInputGradient = 'beforeActivation' | 'ofInput' | 'none';

/**
 * Gradients of the convolution without its activation (undo the activation first, with `activationBackward`), from its
 * input and the gradient of its output. The kernel's gradient has the kernel's elements, in any shape.
 */
export function convolutionBackward(
  input: Tensor,
  kernel: Tensor,
  gradient: Tensor,
  wanted: WantedInputGradient,
): ConvolutionGradients {
  if (isMatrixProduct(kernel)) {
    const { input: ofInput, ...rest } = productGradients(input, kernel, gradient, wanted !== 'none');
    const all = { ...rest, bias: kernels.biasGradient(gradient) };
    if (ofInput === undefined) return all;
    return { ...all, input: wanted === 'ofInput' ? ofInput : activationBackward(input, ofInput) };
  }
  const parameters = convolutionParameterGradients(input, kernel.shape, gradient);
  if (wanted === 'none') return parameters;
  const activated = wanted === 'beforeActivation' ? input : undefined;
  return { ...parameters, input: convolutionInputGradient(input.shape, kernel, gradient, activated) };
}

/** The gradient before a leaky ReLU, from its output; disposes the gradient after it. */
export function activationBackward(output: Tensor, gradient: Tensor): Tensor {
  const result = kernels.leakyReluGradient(gradient, output);
  dispose(gradient);
  return result;
}
