/** Sums over the voxels that count, of one image or of a batch, with ŷ the prediction and y the truth, both in [0, 1]. */
export interface VoxelSums {
  /** Σ ŷy */
  readonly overlap: number;
  /** Σ ŷ */
  readonly predicted: number;
  /** Σ y */
  readonly truth: number;
  /** Σ ŷ² */
  readonly predictedSquares: number;
  /** Σ y² */
  readonly truthSquares: number;
  /** Number of voxels. */
  readonly voxels: number;
}

/** A loss of given sums, and its derivative in ŷ, which is `slope`·y + `offset` + `ownSlope`·ŷ for every voxel. */
export interface LossOfSums {
  readonly value: number;
  readonly slope: number;
  readonly offset: number;
  /** Absent: 0. */
  readonly ownSlope?: number;
}

/** ε in voxels of every ratio of sums whose loss has no ε of its own: small enough to matter only where all sums are 0. */
export const smallEpsilon = 1e-7;
