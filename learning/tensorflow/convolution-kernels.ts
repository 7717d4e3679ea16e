import type { ConvolutionNode, Dimensions } from '../../domain/training/networks/network.js';
import { addBias, biasGradient, combine, constantIntegers, leakyRelu } from './kernels.js';
import { attribute, dispose, executeOne, type Attribute, type Tensor } from './tensorflow.js';

/**
 * TensorFlow's zero-padded convolutions of [case, …, in] with kernels [window…, in, out] and a bias [out], in two and
 * three dimensions. Each function returns new tensors, which the caller disposes, and does not modify or dispose its
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

/** Operations after a convolution, in this order. */
export interface Following {
  /** [out] */
  readonly bias: Tensor;
  /** Has the output's shape. */
  readonly addend?: Tensor;
  readonly activation: ConvolutionNode['activation'];
}

const dimensionsOf = (tensor: Tensor): Dimensions => (tensor.shape.length === 4 ? 2 : 3);

export function convolutionAlone(input: Tensor, kernel: Tensor): Tensor {
  const dimensions = dimensionsOf(input);
  return executeOne(dimensions === 2 ? 'Conv2D' : 'Conv3D', windows[dimensions], [input, kernel]);
}

/** The convolution followed by the given operations. */
export function convolutionThen(input: Tensor, kernel: Tensor, { bias, addend, activation }: Following): Tensor {
  const biased = replaced(convolutionAlone(input, kernel), (convolved) => addBias(convolved, bias));
  const sum = addend === undefined ? biased : replaced(biased, (value) => combine('AddV2', value, addend));
  return activation === 'none' ? sum : replaced(sum, leakyRelu);
}

/** Disposes the old value. */
function replaced(old: Tensor, change: (old: Tensor) => Tensor): Tensor {
  const value = change(old);
  dispose(old);
  return value;
}

/** Gradient of the convolution's input, from the gradient of its output. */
export function inputGradient(inputShape: readonly number[], kernel: Tensor, outputGradient: Tensor): Tensor {
  const dimensions = dimensionsOf(outputGradient);
  return executeOne(
    dimensions === 2 ? 'Conv2DBackpropInput' : 'Conv3DBackpropInputV2',
    inputGradientWindows[dimensions],
    [constantIntegers(inputShape), kernel, outputGradient],
  );
}

/** Gradients of the convolution's kernel and bias, from its input and the gradient of its output. */
export function parameterGradients(
  input: Tensor,
  kernelShape: readonly number[],
  outputGradient: Tensor,
): { readonly kernel: Tensor; readonly bias: Tensor } {
  const dimensions = dimensionsOf(input);
  const operation = dimensions === 2 ? 'Conv2DBackpropFilter' : 'Conv3DBackpropFilterV2';
  const kernel = executeOne(operation, windows[dimensions], [input, constantIntegers(kernelShape), outputGradient]);
  return { kernel, bias: biasGradient(outputGradient) };
}
