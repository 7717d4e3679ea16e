import { leakyReluSlope, type ConvolutionNode, type Dimensions } from '../../domain/training/networks/network.js';
import { addBias, biasGradient, combine, constantIntegers, leakyRelu, reverse, transpose } from './kernels.js';
import {
  attribute,
  dispose,
  execute,
  executeOne,
  floatTensor,
  tensorflowLibrary,
  type Attribute,
  type Tensor,
} from './tensorflow.js';

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

const windows = { 2: windowAttributes(2), 3: windowAttributes(3) } as const;
const inputGradientWindows: Readonly<Record<Dimensions, Attribute[]>> = {
  2: windows[2],
  3: [...windows[3], attribute.integerType('Tshape')],
};
// The attribute that TensorFlow's graph rewriting adds when it selects a oneDNN kernel.
const byOneDnn = attribute.string('_kernel', 'MklNameChangeOp');
const withBias: Attribute[] = [...windows[2], byOneDnn];

type Activation = ConvolutionNode['activation'];

/** Operations after a convolution, in this order. */
export interface Following {
  /** [out] */
  readonly bias: Tensor;
  /** Has the output's shape. */
  readonly addend?: Tensor;
  readonly activation: Activation;
}

function fusedWindows(adds: boolean, activation: Activation): Attribute[] {
  const parts = ['BiasAdd', ...(adds ? ['Add'] : []), ...(activation === 'none' ? [] : ['LeakyRelu'])];
  return [
    ...windows[3],
    byOneDnn,
    attribute.integer('num_args', adds ? 2 : 1),
    attribute.strings('fused_ops', parts),
    attribute.float('leakyrelu_alpha', leakyReluSlope),
  ];
}

const fused = {
  plain: { leakyRelu: fusedWindows(false, 'leakyRelu'), none: fusedWindows(false, 'none') },
  adding: { leakyRelu: fusedWindows(true, 'leakyRelu'), none: fusedWindows(true, 'none') },
} as const;

const dimensionsOf = (tensor: Tensor): Dimensions => (tensor.shape.length === 4 ? 2 : 3);

/**
 * Whether this TensorFlow provides oneDNN convolutions fused with the operations after them: in 2D the bias, because
 * small trainings are bound by the number of operations; in 3D all of them, because large trainings are bound by
 * memory. GPUs and builds without oneDNN use separate operations, which give the same numbers.
 */
const follows = {
  2: canExecute('_MklNativeConv2DWithBias', withBias, [1, 1, 1, 1]),
  3: canExecute('_MklNativeFusedConv3D', fused.plain.leakyRelu, [1, 1, 1, 1, 1]),
} as const;

function canExecute(operation: string, attributes: Attribute[], shape: readonly number[]): boolean {
  if (tensorflowLibrary.gpu) return false;
  const one = floatTensor(shape, Float32Array.of(1));
  const bias = floatTensor([1], Float32Array.of(0));
  try {
    dispose(executeOne(operation, attributes, [one, one, bias]));
    return true;
  } catch {
    return false;
  } finally {
    dispose(one, bias);
  }
}

export function convolution(input: Tensor, kernel: Tensor): Tensor {
  const dimensions = dimensionsOf(input);
  return executeOne(dimensions === 2 ? 'Conv2D' : 'Conv3D', windows[dimensions], [input, kernel]);
}

/** The convolution followed by the given operations. */
export function convolutionWith(input: Tensor, kernel: Tensor, following: Following): Tensor {
  const { bias, addend, activation } = following;
  if (!follows[dimensionsOf(input)]) return convolutionThen(input, kernel, following);
  if (dimensionsOf(input) === 2) {
    return followed(executeOne('_MklNativeConv2DWithBias', withBias, [input, kernel, bias]), { addend, activation });
  }
  const inputs = addend === undefined ? [input, kernel, bias] : [input, kernel, bias, addend];
  const attributes = fused[addend === undefined ? 'plain' : 'adding'][activation];
  return executeOne('_MklNativeFusedConv3D', attributes, inputs);
}

/** `convolutionWith` as separate operations, which every TensorFlow supports. */
export function convolutionThen(input: Tensor, kernel: Tensor, { bias, addend, activation }: Following): Tensor {
  const convolved = convolution(input, kernel);
  return followed(replaced(convolved, addBias(convolved, bias)), { addend, activation });
}

/** Applies the operations after the bias; disposes its input. */
export function followed(
  biased: Tensor,
  { addend, activation }: { readonly addend?: Tensor | undefined; readonly activation: Activation },
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

/** Gradients of the convolution's kernel and bias, from its input and the gradient of its output. */
export function convolutionParameterGradients(
  input: Tensor,
  kernelShape: readonly number[],
  outputGradient: Tensor,
): { readonly kernel: Tensor; readonly bias: Tensor } {
  const inputs = [input, constantIntegers(kernelShape), outputGradient];
  if (dimensionsOf(input) === 2 && follows[2]) {
    const [kernel, bias] = execute('_MklNativeConv2DBackpropFilterWithBias', withBias, inputs, 2);
    return { kernel: kernel as Tensor, bias: bias as Tensor };
  }
  return {
    kernel: convolutionKernelGradient(input, kernelShape, outputGradient),
    bias: biasGradient(outputGradient),
  };
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
