import * as kernels from '../kernels.js';
import { dispose, type Tensor } from '../tensorflow.js';

/** A convolution's two parameters; the kernel is [window…, in, out]. */
export interface ConvolutionParameters {
  readonly kernel: Tensor;
  readonly bias: Tensor;
}

export interface ConvolutionGradients {
  readonly kernel: Tensor;
  readonly bias: Tensor;
  /** Absent where the caller does not want it. */
  readonly input?: Tensor;
}

/** A 1-wide convolution is one matrix product over all voxels; TensorFlow's own is slower to dispatch. */
const isPointwise = (kernel: Tensor): boolean => kernel.shape.slice(0, -2).every((size) => size === 1);

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

const asRows = (tensor: Tensor): Tensor => {
  const columns = tensor.shape.at(-1) as number;
  return kernels.reshape(tensor, [product(tensor.shape) / columns, columns]);
};

const asMatrix = (kernel: Tensor): Tensor => kernels.reshape(kernel, kernel.shape.slice(-2));

function convolvePointwise(input: Tensor, kernel: Tensor): Tensor {
  const rows = asRows(input);
  const matrix = asMatrix(kernel);
  const output = kernels.matrixProduct(rows, matrix);
  dispose(rows, matrix);
  return kernels.reshaped(output, [...input.shape.slice(0, -1), kernel.shape.at(-1) as number]);
}

/** Zero-padded convolution, bias and, on request, leaky ReLU. */
export function convolutionForward(
  input: Tensor,
  { kernel, bias }: ConvolutionParameters,
  activation: 'leakyRelu' | 'none',
): Tensor {
  const convolved = isPointwise(kernel) ? convolvePointwise(input, kernel) : kernels.convolve(input, kernel);
  const biased = kernels.addBias(convolved, bias);
  dispose(convolved);
  if (activation === 'none') return biased;
  const activated = kernels.leakyRelu(biased);
  dispose(biased);
  return activated;
}

function pointwiseGradients(input: Tensor, kernel: Tensor, gradient: Tensor, wantsInput: boolean): [Tensor, Tensor?] {
  const inputRows = asRows(input);
  const gradientRows = asRows(gradient);
  const kernelGradient = kernels.matrixProduct(inputRows, gradientRows, 'first');
  let inputGradient: Tensor | undefined;
  if (wantsInput) {
    const matrix = asMatrix(kernel);
    inputGradient = kernels.reshaped(kernels.matrixProduct(gradientRows, matrix, 'second'), input.shape);
    dispose(matrix);
  }
  dispose(inputRows, gradientRows);
  return inputGradient === undefined ? [kernelGradient] : [kernelGradient, inputGradient];
}

/**
 * Gradients of the convolution without its activation (undo that first, by `activationBackward`), from its input and
 * the gradient of its output. The kernel's gradient has the kernel's numbers in any shape.
 */
export function convolutionBackward(
  input: Tensor,
  kernel: Tensor,
  gradient: Tensor,
  wantsInput: boolean,
): ConvolutionGradients {
  const bias = kernels.biasGradient(gradient);
  if (isPointwise(kernel)) {
    const [kernelGradient, inputGradient] = pointwiseGradients(input, kernel, gradient, wantsInput);
    return { kernel: kernelGradient, bias, ...(inputGradient === undefined ? {} : { input: inputGradient }) };
  }
  const kernelGradient = kernels.convolutionKernelGradient(input, kernel.shape, gradient);
  if (!wantsInput) return { kernel: kernelGradient, bias };
  return { kernel: kernelGradient, bias, input: kernels.convolutionInputGradient(input.shape, kernel, gradient) };
}

/** The gradient before a leaky ReLU, from its output; disposes the gradient after it. */
export function activationBackward(output: Tensor, gradient: Tensor): Tensor {
  const result = kernels.leakyReluGradient(gradient, output);
  dispose(gradient);
  return result;
}
