import { smallEpsilon, type LossOfSums, type VoxelSums } from './voxel-sums.js';

/** α weighs false positives Σŷ(1 − y), β false negatives Σ(1 − ŷ)y; both ≥ 0, not both 0. */
export interface TverskyWeights {
  readonly alpha: number;
  readonly beta: number;
}

/**
 * Tversky loss 1 − (Σŷy + ε) / (Σŷy + α Σŷ(1 − y) + β Σ(1 − ŷ)y + ε). Range [0, 1); 0 where truth and prediction are both
 * empty, by ε. α = β = ½ is soft Dice, α = β = 1 soft Jaccard. Source: Salehi et al. 2017.
 */
export function tverskyFromSums(
  sums: Pick<VoxelSums, 'overlap' | 'predicted' | 'truth'>,
  { alpha, beta }: TverskyWeights,
): LossOfSums {
  const { overlap, predicted, truth } = sums;
  const numerator = overlap + smallEpsilon;
  const denominator = overlap + alpha * (predicted - overlap) + beta * (truth - overlap) + smallEpsilon;
  const share = numerator / denominator ** 2;
  // ∂ denominator / ∂ŷ = (1 − α − β) y + α
  return {
    value: 1 - numerator / denominator,
    slope: share * (1 - alpha - beta) - 1 / denominator,
    offset: share * alpha,
  };
}
