import * as kernels from '../kernels.js';
import { dispose, type Tensor } from '../tensorflow.js';

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
