import type { BoxedMasks } from './structure-box.js';

/** Scores of voxels, in [0, 1]; null where there is no voxel to ask about. */
export interface OverlapScores {
  /** |Y ∩ Ŷ| / |Y ∪ Ŷ|, the intersection over union. */
  readonly jaccard: number;
  /** Share of the predicted voxels that are true. */
  readonly precision: number | null;
  /** Share of the true voxels that are predicted: sensitivity. */
  readonly recall: number | null;
  /** Share of the voxels outside the truth that are not predicted. */
  readonly specificity: number | null;
}

/**
 * Scores of two masks in an image of `voxels` voxels.
 *
 * Both empty (`masks` undefined): Jaccard 1, as Dice, with which it stands in the relation J = D / (2 − D); precision and
 * recall null. Empty truth: recall null, the others 0 but for specificity. Empty prediction: precision 0, although 0/0, since
 * something was to be found. Truth in all voxels: specificity null. These are the rules of the code of Metrics Reloaded, but
 * for Jaccard, which is undefined there if both are empty.
 */
export function overlapScores(masks: BoxedMasks | undefined, voxels: number): OverlapScores {
  if (masks === undefined) return { jaccard: 1, precision: null, recall: null, specificity: 1 };
  const { truth, predicted } = masks;
  let [truePositive, falsePositive, falseNegative] = [0, 0, 0];
  for (let i = 0; i < truth.length; i++) {
    if (predicted[i] === 1) {
      if (truth[i] === 1) truePositive++;
      else falsePositive++;
    } else if (truth[i] === 1) falseNegative++;
  }
  const inside = truePositive + falseNegative;
  const predictedVoxels = truePositive + falsePositive;
  const outside = voxels - inside;
  return {
    jaccard: truePositive / (inside + falsePositive),
    precision: predictedVoxels === 0 ? 0 : truePositive / predictedVoxels,
    recall: inside === 0 ? null : truePositive / inside,
    specificity: outside === 0 ? null : (outside - falsePositive) / outside,
  };
}
