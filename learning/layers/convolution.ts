import type { ConvolutionNode } from '../../domain/training/networks/network.js';
import { convolutionInputGradient, followed } from '../tensorflow/convolution-kernels.js';
import { convolutionParameterGradients, convolutionWith } from '../tensorflow/fused-convolution.js';
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

/** In 3D, a 1-wide convolution is one matrix product over all voxels, which is faster than TensorFlow's convolution. */
const isMatrixProduct = (kernel: Tensor): boolean =>
  kernel.shape.length === 5 && kernel.shape.slice(0, -2).every((size) => size === 1);

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
  return followed(multiplyRows(input, parameters), { activation });
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

/**
 * Gradients of the convolution without its activation (undo the activation first, with `activationBackward`), from its
 * input and the gradient of its output. The kernel's gradient has the kernel's elements, in any shape.
 */
export function convolutionBackward(
  input: Tensor,
  kernel: Tensor,
  gradient: Tensor,
  wantsInput: boolean,
): ConvolutionGradients {
  if (isMatrixProduct(kernel)) {
    return { ...productGradients(input, kernel, gradient, wantsInput), bias: kernels.biasGradient(gradient) };
  }
  const parameters = convolutionParameterGradients(input, kernel.shape, gradient);
  if (!wantsInput) return parameters;
  return { ...parameters, input: convolutionInputGradient(input.shape, kernel, gradient) };
}

/** The gradient before a leaky ReLU, from its output; disposes the gradient after it. */
export function activationBackward(output: Tensor, gradient: Tensor): Tensor {
  const result = kernels.leakyReluGradient(gradient, output);
  dispose(gradient);
  return result;
}
