import { leakyReluSlope, levelFactor, type Dimensions } from '../../domain/training/networks/network.js';
import {
  attribute,
  dispose,
  execute,
  executeOne,
  floatTensor,
  integerTensor,
  type Attribute,
  type Tensor,
} from './tensorflow.js';
import { entryCount } from './tensors.js';

/**
 * TensorFlow's kernels as functions. Each returns new tensors, which the caller disposes, and does not modify or
 * dispose its arguments unless stated. Attributes are built once here, because converting them adds to the cost of an
 * operation.
 */

const floats = attribute.floatType('T');
const noAttributesButType = [floats];

const constants = new Map<string, Tensor>();

/** An int32 vector, cached for the life of the process: there are few shapes and axes. */
export function constantIntegers(values: readonly number[]): Tensor {
  const key = values.join();
  let tensor = constants.get(key);
  if (tensor === undefined) {
    tensor = integerTensor([values.length], values);
    constants.set(key, tensor);
  }
  return tensor;
}

const constantAxes = new Map<number, Tensor>();

function constantAxis(axis: number): Tensor {
  let tensor = constantAxes.get(axis);
  if (tensor === undefined) {
    tensor = integerTensor([], [axis]);
    constantAxes.set(axis, tensor);
  }
  return tensor;
}

function poolingAttributes(dimensions: Dimensions): Attribute[] {
  const blocks = [1, ...new Array<number>(dimensions).fill(levelFactor), 1];
  return [
    floats,
    attribute.integers('ksize', blocks),
    attribute.integers('strides', blocks),
    attribute.string('padding', 'VALID'),
    attribute.string('data_format', dimensions === 2 ? 'NHWC' : 'NDHWC'),
  ];
}

const pooling = { 2: poolingAttributes(2), 3: poolingAttributes(3) } as const;

const dimensionsOf = (tensor: Tensor): Dimensions => (tensor.shape.length === 4 ? 2 : 3);

const lastAxisChannels = [floats, attribute.string('data_format', 'NHWC')];

/** Adds a vector along the last axis. */
export function addBias(input: Tensor, bias: Tensor): Tensor {
  return executeOne('BiasAdd', lastAxisChannels, [input, bias]);
}

const leaky = [floats, attribute.float('alpha', leakyReluSlope)];

export function leakyRelu(input: Tensor): Tensor {
  return executeOne('LeakyRelu', leaky, [input]);
}

/** Computed from the activation's output, whose sign equals its input's because the slope is positive. */
export function leakyReluGradient(outputGradient: Tensor, output: Tensor): Tensor {
  return executeOne('LeakyReluGrad', leaky, [outputGradient, output]);
}

/** Mean over blocks of 3 along every spatial axis. */
export function averagePool(input: Tensor): Tensor {
  const dimensions = dimensionsOf(input);
  return executeOne(dimensions === 2 ? 'AvgPool' : 'AvgPool3D', pooling[dimensions], [input]);
}

export function averagePoolGradient(inputShape: readonly number[], outputGradient: Tensor): Tensor {
  const dimensions = dimensionsOf(outputGradient);
  return executeOne(dimensions === 2 ? 'AvgPoolGrad' : 'AvgPool3DGrad', pooling[dimensions], [
    constantIntegers(inputShape),
    outputGradient,
  ]);
}

const plainMatrices = {
  first: matrixAttributes(true, false),
  second: matrixAttributes(false, true),
  none: matrixAttributes(false, false),
};

function matrixAttributes(transposeFirst: boolean, transposeSecond: boolean): Attribute[] {
  return [floats, attribute.boolean('transpose_a', transposeFirst), attribute.boolean('transpose_b', transposeSecond)];
}

/** Matrix product of two 2-D tensors, one of them optionally transposed. */
export function matrixProduct(a: Tensor, b: Tensor, transposed: 'first' | 'second' | 'none' = 'none'): Tensor {
  return executeOne('MatMul', plainMatrices[transposed], [a, b]);
}

const rowsOfOnes = new Map<number, Tensor>();

/** Ones of shape [1, n], cached for the life of the process: there are few sizes. */
function ones(count: number): Tensor {
  let tensor = rowsOfOnes.get(count);
  if (tensor === undefined) {
    tensor = floatTensor([1, count], new Float32Array(count).fill(1));
    rowsOfOnes.set(count, tensor);
  }
  return tensor;
}

/**
 * The sum over all axes except the last, as two products with ones: over all axes but the last spatial one, then over
 * that one. On large images it is three times as fast as BiasAddGrad, and more accurate, because no single accumulator
 * sums all values.
 */
export function biasGradient(outputGradient: Tensor): Tensor {
  const { shape } = outputGradient;
  const channels = shape.at(-1) as number;
  const width = shape.at(-2) as number;
  const lines = entryCount(shape.slice(0, -2));
  const rows = reshape(outputGradient, [lines, width * channels]);
  const sums = reshaped(matrixProduct(ones(lines), rows), [width, channels]);
  const total = matrixProduct(ones(width), sums);
  dispose(rows, sums);
  return reshaped(total, [channels]);
}

const stackedMatrices = {
  plain: [floats, attribute.boolean('adj_x', false), attribute.boolean('adj_y', false)],
  transposed: [floats, attribute.boolean('adj_x', true), attribute.boolean('adj_y', false)],
};

/** The product of one matrix, optionally transposed, with each matrix of a stack [n, rows, columns]. */
export function matrixTimesStack(matrix: Tensor, stack: Tensor, form: 'plain' | 'transposed'): Tensor {
  return executeOne('BatchMatMulV2', stackedMatrices[form], [matrix, stack]);
}

const reshaping = [floats, attribute.integerType('Tshape')];

/** The same values in another shape; shares memory. */
export function reshape(input: Tensor, shape: readonly number[]): Tensor {
  return executeOne('Reshape', reshaping, [input, constantIntegers(shape)]);
}

/** `reshape` that disposes its input. */
export function reshaped(input: Tensor, shape: readonly number[]): Tensor {
  const result = reshape(input, shape);
  dispose(input);
  return result;
}

const permuting = [floats, attribute.integerType('Tperm')];

/** Axis `i` of the result is axis `order[i]` of the input. */
export function transpose(input: Tensor, order: readonly number[]): Tensor {
  return executeOne('Transpose', permuting, [input, constantIntegers(order)]);
}

const slicing = [floats, attribute.integerType('Index')];

export function slice(input: Tensor, begin: readonly number[], size: readonly number[]): Tensor {
  return executeOne('Slice', slicing, [input, constantIntegers(begin), constantIntegers(size)]);
}

const padding = [floats, attribute.integerType('Tpaddings')];
const constantPaddings = new Map<string, Tensor>();

/** Zero padding: `margins[axis]` at both ends of each axis. */
export function padEvenly(input: Tensor, margins: readonly number[]): Tensor {
  const key = margins.join();
  let paddings = constantPaddings.get(key);
  if (paddings === undefined) {
    paddings = integerTensor(
      [margins.length, 2],
      margins.flatMap((margin) => [margin, margin]),
    );
    constantPaddings.set(key, paddings);
  }
  return executeOne('Pad', padding, [input, paddings]);
}

/** Concatenates tensors along an axis. */
export function concatenate(inputs: readonly Tensor[], axis: number): Tensor {
  return executeOne(
    'ConcatV2',
    [floats, attribute.integerType('Tidx'), attribute.integer('N', inputs.length)],
    [...inputs, constantAxis(axis)],
  );
}

/** Splits a tensor into parts of the given sizes along an axis. */
export function splitAlong(input: Tensor, sizes: readonly number[], axis: number): readonly Tensor[] {
  return execute(
    'SplitV',
    [floats, attribute.integerType('Tlen'), attribute.integer('num_split', sizes.length)],
    [input, constantIntegers(sizes), constantAxis(axis)],
    sizes.length,
  );
}

type PairKernel = 'AddV2' | 'Sub' | 'Mul' | 'Pow';

/** Element-wise, with NumPy's broadcasting. */
export function combine(kernel: PairKernel, a: Tensor, b: Tensor): Tensor {
  return executeOne(kernel, noAttributesButType, [a, b]);
}

/** Element-wise: |x|, −x, or the sign of x, which is 0 for 0. */
export function unary(kernel: 'Abs' | 'Neg' | 'Sign', input: Tensor): Tensor {
  return executeOne(kernel, noAttributesButType, [input]);
}

export function sigmoid(input: Tensor): Tensor {
  return executeOne('Sigmoid', noAttributesButType, [input]);
}

/** gradient · σ(1 − σ), from σ. */
export function sigmoidGradient(sigma: Tensor, gradient: Tensor): Tensor {
  return executeOne('SigmoidGrad', noAttributesButType, [sigma, gradient]);
}

/** log(1 + e^x), finite for every finite x. */
export function softplus(input: Tensor): Tensor {
  return executeOne('Softplus', noAttributesButType, [input]);
}

const summing = [floats, attribute.integerType('Tidx'), attribute.boolean('keep_dims', false)];

/** Sums over the given axes, which are removed. */
export function sum(input: Tensor, axes: readonly number[]): Tensor {
  return executeOne('Sum', summing, [input, constantIntegers(axes)]);
}
