import { smallEpsilon, type LossOfSums, type VoxelSums } from './voxel-sums.js';

/**
 * Soft Dice with squares in the denominator: 1 − (2Σŷy + ε) / (Σŷ² + Σy² + ε), which is Σ(ŷ − y)² / (Σŷ² + Σy²) up to ε.
 * Range [0, 1); 0 at ŷ = y, for soft truths too. Source: Milletari et al. 2016 (V-Net).
 */
export function squaredSoftDiceFromSums(
  sums: Pick<VoxelSums, 'overlap' | 'predictedSquares' | 'truthSquares'>,
): LossOfSums {
  const numerator = 2 * sums.overlap + smallEpsilon;
  const denominator = sums.predictedSquares + sums.truthSquares + smallEpsilon;
  const quotient = numerator / denominator;
  return {
    value: 1 - quotient,
    slope: -2 / denominator,
    offset: 0,
    ownSlope: (2 * quotient) / denominator,
  };
}
