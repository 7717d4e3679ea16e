import type { LossOfSums, VoxelSums } from './voxel-sums.js';

export interface SoftDiceSettings {
  /** ε > 0, added to numerator and denominator. */
  readonly epsilon: number;
  /** `image`: mean of the losses of the images; `batch`: one loss over the voxels of all images together. */
  readonly reduction: 'image' | 'batch';
}

/**
 * Soft Dice loss SD = 1 − (2Σŷy + ε) / (Σŷ + Σy + ε). Range [0, 1); 0 where truth and prediction are both empty, by ε.
 * Not the Dice score of a thresholded mask. Source: Eq. 6.
 */
export function softDiceFromSums(
  sums: Pick<VoxelSums, 'overlap' | 'predicted' | 'truth'>,
  epsilon: number,
): LossOfSums {
  const numerator = 2 * sums.overlap + epsilon;
  const denominator = sums.predicted + sums.truth + epsilon;
  return { value: 1 - numerator / denominator, slope: -2 / denominator, offset: numerator / denominator ** 2 };
}
