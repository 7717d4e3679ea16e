import { interpolationMatrix, tapInterpolationMatrix } from '../../domain/training/networks/interpolation-matrix.js';
import type { Upsampling } from '../../domain/training/networks/network.js';
import * as kernels from '../tensorflow/kernels.js';
import { ownInterpolation } from '../tensorflow/own-kernels.js';
import { dispose, floatTensor, type Tensor } from '../tensorflow/tensorflow.js';
import { entryCount } from '../tensorflow/tensors.js';

const matrices = new Map<string, Tensor>();

const makers = { values: interpolationMatrix, taps: tapInterpolationMatrix } as const;

/** The matrix for an axis of `size` low-resolution voxels, cached for the life of the process: there are few sizes. */
export function constantMatrix(kind: keyof typeof makers, size: number, upsampling: Upsampling): Tensor {
  const key = [kind, upsampling, size].join();
  let tensor = matrices.get(key);
  if (tensor === undefined) {
    const { rows, columns, values } = makers[kind](size, upsampling);
    tensor = floatTensor([rows, columns], values);
    matrices.set(key, tensor);
  }
  return tensor;
}

/**
 * Applies a matrix along one axis: the axes before it form a stack, the axes after it the columns. Disposes its input.
 */
export function applyAlong(input: Tensor, axis: number, matrix: Tensor, form: 'plain' | 'transposed'): Tensor {
  const { shape } = input;
  const before = shape.slice(0, axis);
  const after = shape.slice(axis + 1);
  const stack = kernels.reshaped(input, [entryCount(before), shape[axis] as number, entryCount(after)]);
  const result = ownInterpolation(matrix, stack, form) ?? kernels.matrixTimesStack(matrix, stack, form);
  dispose(stack);
  return kernels.reshaped(result, [...before, matrix.shape[form === 'plain' ? 0 : 1] as number, ...after]);
}

/** Up-samples the given axes by 3, in order; disposes its input. */
export function interpolateAxes(input: Tensor, axes: readonly number[], upsampling: Upsampling): Tensor {
  let value = input;
  for (const axis of axes) {
    const matrix = constantMatrix('values', input.shape[axis] as number, upsampling);
    value = applyAlong(value, axis, matrix, 'plain');
  }
  return value;
}

/** The exact adjoint of `interpolateAxes` for an input of `inputShape`; disposes the given gradient. */
export function interpolateAxesBackward(
  inputShape: readonly number[],
  gradient: Tensor,
  axes: readonly number[],
  upsampling: Upsampling,
): Tensor {
  let value = gradient;
  for (const axis of [...axes].reverse()) {
    const matrix = constantMatrix('values', inputShape[axis] as number, upsampling);
    value = applyAlong(value, axis, matrix, 'transposed');
  }
  return value;
}
