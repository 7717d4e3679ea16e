/** One image as a loss sees it: arrays of equal length, one number per voxel. */
export interface LossImage {
  readonly logits: ArrayLike<number>;
  /** 0 or 1; with soft labels from 0 to 1. */
  readonly truth: ArrayLike<number>;
  /** 1 where a voxel counts, 0 elsewhere; absent: 1 everywhere. */
  readonly mask?: ArrayLike<number>;
}

/** A loss over a batch and, for each image, the gradient with respect to the logits. */
export interface LossValue {
  readonly value: number;
  readonly gradients: readonly Float64Array[];
}
