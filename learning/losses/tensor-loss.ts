import type { Tensor } from '../tensorflow/tensorflow.js';

/** A batch as a loss sees it: tensors [cases, voxels], owned by the caller. */
export interface LossBatch {
  readonly logits: Tensor;
  /** 0 or 1; with soft labels from 0 to 1. */
  readonly truth: Tensor;
  /** 0 where ŷ is forced to 0, 1 elsewhere; absent: 1 everywhere. */
  readonly mask?: Tensor;
}

/** A loss on tensors; must agree with its reference in domain/training/losses. */
export interface TensorLoss {
  value(batch: LossBatch): number;
  /** The caller disposes the gradient with respect to the logits, [cases, voxels]. */
  valueAndGradient(batch: LossBatch): { readonly value: number; readonly gradient: Tensor };
}
