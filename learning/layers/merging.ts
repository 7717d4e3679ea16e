import * as kernels from '../tensorflow/kernels.js';
import { dispose, type Tensor } from '../tensorflow/tensorflow.js';
import { croppedToSize, croppedToSizeBackward } from './cropping.js';

/** Channels [skip, up-sampled], with the skip cropped at its centre to the up-sampled size. */
export function mergingForward(skip: Tensor, upsampled: Tensor): Tensor {
  const cropped = croppedToSize(skip, upsampled.shape);
  const merged = kernels.concatenate([cropped, upsampled], upsampled.shape.length - 1);
  dispose(cropped);
  return merged;
}

/** Gradients of both inputs; disposes the given gradient. */
export function mergingBackward(
  skipShape: readonly number[],
  gradient: Tensor,
): { readonly skip: Tensor; readonly upsampled: Tensor } {
  const axis = gradient.shape.length - 1;
  const skipChannels = skipShape[axis] as number;
  const upsampledChannels = (gradient.shape[axis] as number) - skipChannels;
  const [skip, upsampled] = kernels.splitAlong(gradient, [skipChannels, upsampledChannels], axis) as [Tensor, Tensor];
  dispose(gradient);
  return { skip: croppedToSizeBackward(skipShape, skip), upsampled };
}
