import { smallEpsilon, type LossOfSums, type VoxelSums } from './voxel-sums.js';

/**
 * Generalised Dice loss over structure and background, 1 − (2 Σ w_l Σ ŷ_l y_l + ε) / (Σ w_l Σ (ŷ_l + y_l) + ε), with each
 * class weighted by 1 / (its true volume)². The weights are scaled to add up to 1, so that ε is in voxels; a class of less
 * than a voxel counts as one voxel, because an empty one would have an infinite weight. Range [0, 1); 0 at ŷ = y for a
 * truth of 0 and 1. Source: Sudre et al. 2017.
 */
export function generalisedDiceFromSums(
  sums: Pick<VoxelSums, 'overlap' | 'predicted' | 'truth' | 'voxels'>,
): LossOfSums {
  const { overlap, predicted, truth, voxels } = sums;
  const inside = Math.max(1, truth) ** 2;
  const outside = Math.max(1, voxels - truth) ** 2;
  const [weight, rest] = [outside / (inside + outside), inside / (inside + outside)];
  const right = weight * overlap + rest * (voxels - predicted - truth + overlap);
  const numerator = 2 * right + smallEpsilon;
  const denominator = weight * (predicted + truth) + rest * (2 * voxels - predicted - truth) + smallEpsilon;
  // ∂ right / ∂ŷ = y − rest, because the weights add up to 1; ∂ denominator / ∂ŷ = weight − rest.
  return {
    value: 1 - numerator / denominator,
    slope: -2 / denominator,
    offset: (2 * rest) / denominator + (numerator * (weight - rest)) / denominator ** 2,
  };
}
