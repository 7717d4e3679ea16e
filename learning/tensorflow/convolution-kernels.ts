import type { ConvolutionNode, Dimensions } from '../../domain/training/networks/network.js';
import { addBias, combine, constantIntegers, leakyRelu, reverse, transpose } from './kernels.js';
import { attribute, dispose, executeOne, type Attribute, type Tensor } from './tensorflow.js';

/**
 * Zero-padded convolutions of [case, …, in] with kernels [window…, in, out] and a bias [out], in two and three
 * dimensions. Each function returns new tensors, which the caller disposes, and does not modify or dispose its
 * arguments unless stated.
 */

const floats = attribute.floatType('T');

function windowAttributes(dimensions: Dimensions): Attribute[] {
  const ones = new Array<number>(dimensions + 2).fill(1);
  return [
    floats,
    attribute.integers('strides', ones),
    attribute.string('padding', 'SAME'),
    attribute.string('data_format', dimensions === 2 ? 'NHWC' : 'NDHWC'),
    attribute.integers('dilations', ones),
  ];
}

/** The attributes of a convolution. */
export const windows = { 2: windowAttributes(2), 3: windowAttributes(3) } as const;
const inputGradientWindows: Readonly<Record<Dimensions, Attribute[]>> = {
  2: windows[2],
  3: [...windows[3], attribute.integerType('Tshape')],
};

/** Operations after a convolution, in this order. */
export interface Following {
  /** [out] */
  readonly bias: Tensor;
  /** Has the output's shape. */
  readonly addend?: Tensor;
  readonly activation: ConvolutionNode['activation'];
}

export const dimensionsOf = (tensor: Tensor): Dimensions => (tensor.shape.length === 4 ? 2 : 3);

export function convolution(input: Tensor, kernel: Tensor): Tensor {
  const dimensions = dimensionsOf(input);
  return executeOne(dimensions === 2 ? 'Conv2D' : 'Conv3D', windows[dimensions], [input, kernel]);
}

/** The convolution followed by the given operations, each on its own, which every TensorFlow supports. */
export function convolutionThen(input: Tensor, kernel: Tensor, { bias, addend, activation }: Following): Tensor {
  const convolved = convolution(input, kernel);
  return followed(replaced(convolved, addBias(convolved, bias)), { addend, activation });
}

/** Applies the operations after the bias; disposes its input. */
export function followed(
  biased: Tensor,
  { addend, activation }: { readonly addend?: Tensor | undefined; readonly activation: Following['activation'] },
): Tensor {
  const sum = addend === undefined ? biased : replaced(biased, combine('AddV2', biased, addend));
  return activation === 'none' ? sum : replaced(sum, leakyRelu(sum));
}

function replaced(old: Tensor, value: Tensor): Tensor {
  dispose(old);
  return value;
}

/** Gradient of the convolution's input, from the gradient of its output. */
export function convolutionInputGradient(
  inputShape: readonly number[],
  kernel: Tensor,
  outputGradient: Tensor,
): Tensor {
  const dimensions = dimensionsOf(outputGradient);
  return executeOne(
    dimensions === 2 ? 'Conv2DBackpropInput' : 'Conv3DBackpropInputV2',
    inputGradientWindows[dimensions],
    [constantIntegers(inputShape), kernel, outputGradient],
  );
}

/**
 * A 3×3×3 kernel's gradient takes a fifth less time with more input than output channels. Since Σ_v x(v + t) g(v) = Σ_v
 * g(v − t) x(v), input and gradient can be swapped. With few input channels, TensorFlow's direct path is faster.
 */
function isFasterExchanged(kernelShape: readonly number[]): boolean {
  const [inputs, outputs] = kernelShape.slice(-2) as [number, number];
  return kernelShape.length === 5 && kernelShape[2] === 3 && inputs >= 8 && inputs < outputs;
}

/** Gradient of a kernel, for a convolution without bias. */
export function convolutionKernelGradient(
  input: Tensor,
  kernelShape: readonly number[],
  outputGradient: Tensor,
): Tensor {
  const dimensions = dimensionsOf(input);
  const operation = dimensions === 2 ? 'Conv2DBackpropFilter' : 'Conv3DBackpropFilterV2';
  const gradient = (of: Tensor, shape: readonly number[], from: Tensor): Tensor =>
    executeOne(operation, windows[dimensions], [of, constantIntegers(shape), from]);
  if (!isFasterExchanged(kernelShape)) return gradient(input, kernelShape, outputGradient);
  const window = kernelShape.slice(0, -2);
  const [inputs, outputs] = kernelShape.slice(-2) as [number, number];
  const exchanged = gradient(outputGradient, [...window, outputs, inputs], input);
  const axes = window.map((_, axis) => axis);
  const reversed = reverse(exchanged, axes);
  const result = transpose(reversed, [...axes, window.length + 1, window.length]);
  dispose(exchanged, reversed);
  return result;
}
