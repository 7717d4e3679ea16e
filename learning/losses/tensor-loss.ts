import type { Tensor } from '../tensorflow/tensorflow.js';

/** A batch as a loss sees it: tensors [cases, voxels], owned by the caller. */
export interface LossBatch {
  readonly logits: Tensor;
  /** 0 or 1; with soft labels from 0 to 1. */
  readonly truth: Tensor;
  /** 1 where a voxel counts, 0 at padding and outside the data set's mask; absent: 1 everywhere. */
  readonly mask?: Tensor;
}

/**
 * A loss on tensors, over the voxels that count: all others add nothing to its value and have gradient 0. Must agree with
 * its reference in test/learning/support/losses.
 */
export interface TensorLoss {
  value(batch: LossBatch): number;
  /** The caller disposes the gradient with respect to the logits, [cases, voxels]. */
  valueAndGradient(batch: LossBatch): { readonly value: number; readonly gradient: Tensor };
}
