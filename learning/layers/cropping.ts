import * as kernels from '../tensorflow/kernels.js';
import { dispose, type Tensor } from '../tensorflow/tensorflow.js';

/** The centre of every spatial axis without `margin` voxels at both ends. */
export function croppingForward(input: Tensor, margin: number): Tensor {
  const last = input.shape.length - 1;
  const isSpatial = (axis: number): boolean => axis > 0 && axis < last;
  return kernels.slice(
    input,
    input.shape.map((_, axis) => (isSpatial(axis) ? margin : 0)),
    input.shape.map((size, axis) => (isSpatial(axis) ? size - 2 * margin : size)),
  );
}

/** Zeros where the crop took nothing; disposes the gradient it is given. */
export function croppingBackward(gradient: Tensor, margin: number): Tensor {
  const last = gradient.shape.length - 1;
  const result = kernels.padEvenly(
    gradient,
    gradient.shape.map((_, axis) => (axis > 0 && axis < last ? margin : 0)),
  );
  dispose(gradient);
  return result;
}

/** By how much an array is larger than another at both ends of the first spatial axis, and so of each. */
const marginBetween = (larger: readonly number[], smaller: readonly number[]): number =>
  ((larger[1] as number) - (smaller[1] as number)) / 2;

/** The centre of a skip connection, as large as the up-sampled array that it meets; shares memory where nothing goes. */
export function croppedToSize(skip: Tensor, shape: readonly number[]): Tensor {
  const margin = marginBetween(skip.shape, shape);
  return margin === 0 ? kernels.reshape(skip, skip.shape) : croppingForward(skip, margin);
}

/** The gradient of `croppedToSize` in the skip; disposes the gradient it is given. */
export function croppedToSizeBackward(skipShape: readonly number[], gradient: Tensor): Tensor {
  const margin = marginBetween(skipShape, gradient.shape);
  return margin === 0 ? gradient : croppingBackward(gradient, margin);
}
