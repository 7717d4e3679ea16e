export interface SoftDiceSettings {
  /** ε > 0, added to numerator and denominator. */
  readonly epsilon: number;
  /** `image`: mean of the losses of the images; `batch`: one loss over the voxels of all images together. */
  readonly reduction: 'image' | 'batch';
}

/** The three sums of Eq. 6 over one image or one batch. */
export interface SoftDiceSums {
  /** Σ ŷy */
  readonly overlap: number;
  /** Σ ŷ */
  readonly predicted: number;
  /** Σ y */
  readonly truth: number;
}

/**
 * Soft Dice loss SD = 1 − (2Σŷy + ε) / (Σŷ + Σy + ε) of given sums, and its derivative in ŷ, which is
 * `slope`·y + `offset` for every voxel. Range [0, 1); 0 where truth and prediction are both empty, by ε. Not the Dice
 * score of a thresholded mask. Source: Eq. 6.
 */
export function softDiceFromSums(
  sums: SoftDiceSums,
  epsilon: number,
): { readonly value: number; readonly slope: number; readonly offset: number } {
  const numerator = 2 * sums.overlap + epsilon;
  const denominator = sums.predicted + sums.truth + epsilon;
  return { value: 1 - numerator / denominator, slope: -2 / denominator, offset: numerator / denominator ** 2 };
}
