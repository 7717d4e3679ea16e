import { interpolationMatrix } from '../../domain/training/networks/interpolation-matrix.js';
import type { Upsampling } from '../../domain/training/networks/network.js';
import * as kernels from '../kernels.js';
import { dispose, floatTensor, type Tensor } from '../tensorflow.js';

const matrices = new Map<string, Tensor>();

/** The interpolation matrix of an axis, kept for the life of the process: there are few sizes. */
function constantMatrix(size: number, upsampling: Upsampling): Tensor {
  const key = `${upsampling} ${String(size)}`;
  let tensor = matrices.get(key);
  if (tensor === undefined) {
    const { rows, columns, values } = interpolationMatrix(size, upsampling);
    tensor = floatTensor([rows, columns], values);
    matrices.set(key, tensor);
  }
  return tensor;
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** Applies a matrix along one axis: all axes before it form a stack, all after it the columns. Disposes its input. */
function applyAlong(input: Tensor, axis: number, matrix: Tensor, form: 'plain' | 'transposed'): Tensor {
  const { shape } = input;
  const before = shape.slice(0, axis);
  const after = shape.slice(axis + 1);
  const stack = kernels.reshaped(input, [product(before), shape[axis] as number, product(after)]);
  const result = kernels.matrixTimesStack(matrix, stack, form);
  dispose(stack);
  return kernels.reshaped(result, [...before, matrix.shape[form === 'plain' ? 0 : 1] as number, ...after]);
}

const spatialAxes = (tensor: Tensor): readonly number[] => tensor.shape.slice(1, -1).map((_, index) => index + 1);

/** Up-samples every spatial axis by 3, the slowest first since the array is smallest then. */
export function upsamplingForward(input: Tensor, upsampling: Upsampling): Tensor {
  let value = kernels.reshape(input, input.shape);
  for (const axis of spatialAxes(input)) {
    value = applyAlong(value, axis, constantMatrix(input.shape[axis] as number, upsampling), 'plain');
  }
  return value;
}

/** The exact adjoint of `upsamplingForward`; disposes the gradient it is given. */
export function upsamplingBackward(inputShape: readonly number[], gradient: Tensor, upsampling: Upsampling): Tensor {
  let value = gradient;
  for (const axis of [...spatialAxes(gradient)].reverse()) {
    value = applyAlong(value, axis, constantMatrix(inputShape[axis] as number, upsampling), 'transposed');
  }
  return value;
}
