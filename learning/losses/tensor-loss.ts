import type { Tensor } from '../tensorflow/tensorflow.js';

/** What a loss sees of a batch: [cases, voxels] each, kept by the caller. */
export interface LossBatch {
  readonly logits: Tensor;
  /** 0 or 1. */
  readonly truth: Tensor;
  /** 0 where p = 0 by rule, 1 elsewhere; absent: 1 everywhere. */
  readonly mask?: Tensor;
}

/** A loss on tensors; each has a reference in domain/training/losses that it agrees with. */
export interface TensorLoss {
  value(batch: LossBatch): number;
  /** The gradient in the logits, [cases, voxels], is for the caller to dispose. */
  valueAndGradient(batch: LossBatch): { readonly value: number; readonly gradient: Tensor };
}
