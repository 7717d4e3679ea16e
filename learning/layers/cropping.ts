import * as kernels from '../tensorflow/kernels.js';
import { dispose, type Tensor } from '../tensorflow/tensorflow.js';

/** Crops `margin` voxels from both ends of every spatial axis. */
export function croppingForward(input: Tensor, margin: number): Tensor {
  const last = input.shape.length - 1;
  const isSpatial = (axis: number): boolean => axis > 0 && axis < last;
  return kernels.slice(
    input,
    input.shape.map((_, axis) => (isSpatial(axis) ? margin : 0)),
    input.shape.map((size, axis) => (isSpatial(axis) ? size - 2 * margin : size)),
  );
}

/** Pads the gradient with zeros where voxels were cropped; disposes its input. */
export function croppingBackward(gradient: Tensor, margin: number): Tensor {
  const last = gradient.shape.length - 1;
  const result = kernels.padEvenly(
    gradient,
    gradient.shape.map((_, axis) => (axis > 0 && axis < last ? margin : 0)),
  );
  dispose(gradient);
  return result;
}

/** Margin between two arrays at both ends of the first spatial axis, and so of every spatial axis. */
const marginBetween = (larger: readonly number[], smaller: readonly number[]): number =>
  ((larger[1] as number) - (smaller[1] as number)) / 2;

/**
 * A skip connection cropped at its centre to the shape of the up-sampled array; shares memory if nothing is cropped.
 */
export function croppedToSize(skip: Tensor, shape: readonly number[]): Tensor {
  const margin = marginBetween(skip.shape, shape);
  return margin === 0 ? kernels.reshape(skip, skip.shape) : croppingForward(skip, margin);
}

/** The gradient of `croppedToSize` with respect to the skip; disposes its input. */
export function croppedToSizeBackward(skipShape: readonly number[], gradient: Tensor): Tensor {
  const margin = marginBetween(skipShape, gradient.shape);
  return margin === 0 ? gradient : croppingBackward(gradient, margin);
}
