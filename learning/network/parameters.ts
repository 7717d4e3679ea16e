import type { Parameter } from '../../domain/training/networks/parameter-layout.js';
import * as kernels from '../tensorflow/kernels.js';
import { dispose, type Tensor } from '../tensorflow/tensorflow.js';

/** Splits a flat parameter vector into arrays of the parameters' shapes, which the caller disposes. */
export function splitParameters(flat: Tensor, layout: readonly Parameter[]): readonly Tensor[] {
  const parts = kernels.splitAlong(
    flat,
    layout.map(({ size }) => size),
    0,
  );
  return parts.map((part, index) => {
    const { shape } = layout[index] as Parameter;
    return shape.length === 1 ? part : kernels.reshaped(part, shape);
  });
}

/** Joins the parameters' gradients into one flat vector and disposes them. */
export function joinGradients(gradients: readonly Tensor[], layout: readonly Parameter[]): Tensor {
  const parts = gradients.map((gradient, index) =>
    gradient.shape.length === 1 ? gradient : kernels.reshaped(gradient, [(layout[index] as Parameter).size]),
  );
  const joined = kernels.concatenate(parts, 0);
  dispose(...parts);
  return joined;
}
