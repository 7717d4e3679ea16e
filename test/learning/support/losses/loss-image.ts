/** What a loss sees of one image: arrays of one length, one number a voxel. */
export interface LossImage {
  readonly logits: ArrayLike<number>;
  /** 0 or 1. */
  readonly truth: ArrayLike<number>;
  /** 0 where p = 0 by rule, 1 elsewhere; absent: 1 everywhere. */
  readonly mask?: ArrayLike<number>;
}

/** A loss over a batch and, for each of its images, the gradient in the logits. */
export interface LossValue {
  readonly value: number;
  readonly gradients: readonly Float64Array[];
}
