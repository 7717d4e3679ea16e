import * as kernels from '../kernels.js';
import { dispose, type Tensor } from '../tensorflow.js';
import { croppingBackward, croppingForward } from './cropping.js';

/** By how much the skip is larger at both ends of the first spatial axis, and so of each. */
const skipMargin = (skipShape: readonly number[], upsampledShape: readonly number[]): number =>
  ((skipShape[1] as number) - (upsampledShape[1] as number)) / 2;

/** Channels [skip, up-sampled], the skip cropped at its centre to the up-sampled size. */
export function mergingForward(skip: Tensor, upsampled: Tensor): Tensor {
  const axis = upsampled.shape.length - 1;
  const margin = skipMargin(skip.shape, upsampled.shape);
  if (margin === 0) return kernels.concatenate([skip, upsampled], axis);
  const cropped = croppingForward(skip, margin);
  const merged = kernels.concatenate([cropped, upsampled], axis);
  dispose(cropped);
  return merged;
}

/** Gradients of both inputs; disposes the gradient it is given. */
export function mergingBackward(
  skipShape: readonly number[],
  gradient: Tensor,
): { readonly skip: Tensor; readonly upsampled: Tensor } {
  const axis = gradient.shape.length - 1;
  const skipChannels = skipShape[axis] as number;
  const upsampledChannels = (gradient.shape[axis] as number) - skipChannels;
  const [skip, upsampled] = kernels.split(gradient, [skipChannels, upsampledChannels], axis) as [Tensor, Tensor];
  const margin = skipMargin(skipShape, gradient.shape);
  dispose(gradient);
  return { skip: margin === 0 ? skip : croppingBackward(skip, margin), upsampled };
}
