import { componentsOf, type Components } from './components.js';
import type { BoxedMasks } from './structure-box.js';

/** F1 = TP / (TP + (FP + FN) / 2) of lesions instead of voxels, in [0, 1]. */
export interface LesionScores {
  /** A lesion is found if at least one of its voxels is predicted; a predicted one is false if none of its voxels is true. */
  readonly lesionF1: number;
  /** A lesion is found if the IoU with one predicted lesion is above 0.5. */
  readonly lesionF1AtHalfIou: number;
}

/**
 * Lesions are the connected parts of a mask (`componentsOf`). By any overlap, as in the ISLES 2022 challenge and Metrics
 * Reloaded, true positives are lesions of the truth: one predicted lesion may find several, and several may find one. An
 * IoU above 0.5 (Kirillov et al., Panoptic segmentation, 2019) pairs each lesion with at most one.
 *
 * Both masks empty (`masks` undefined): 1. Only one empty: 0.
 */
export function lesionScores(masks: BoxedMasks | undefined): LesionScores {
  if (masks === undefined) return { lesionF1: 1, lesionF1AtHalfIou: 1 };
  const truth = componentsOf(masks.truth, masks.shape);
  const predicted = componentsOf(masks.predicted, masks.shape);
  const [lesions, predictions] = [truth.sizes.length - 1, predicted.sizes.length - 1];
  const overlaps = overlapsOf(truth, predicted);
  const found = new Set(overlaps.map(({ lesion }) => lesion)).size;
  const isTrue = new Set(overlaps.map(({ prediction }) => prediction)).size;
  const paired = overlaps.filter(({ lesion, prediction, voxels }) => {
    const union = (truth.sizes[lesion] ?? 0) + (predicted.sizes[prediction] ?? 0) - voxels;
    return voxels / union > 0.5;
  }).length;
  return {
    lesionF1: found === 0 ? 0 : found / (found + (lesions - found + predictions - isTrue) / 2),
    lesionF1AtHalfIou: (2 * paired) / (lesions + predictions),
  };
}

interface Overlap {
  readonly lesion: number;
  readonly prediction: number;
  readonly voxels: number;
}

/** Of the parts of two masks of the same shape. */
function overlapsOf(truth: Components, predicted: Components): Overlap[] {
  const factor = predicted.sizes.length;
  const counts = new Map<number, number>();
  for (let row = 0; row + 1 < truth.rows.length; row++) {
    const [end, otherEnd] = [truth.rows[row + 1] as number, predicted.rows[row + 1] as number]; // in range, as are the others
    for (let i = truth.rows[row] as number, j = predicted.rows[row] as number; i < end && j < otherEnd;) {
      const [iEnd, jEnd] = [truth.ends[i] as number, predicted.ends[j] as number];
      const voxels = Math.min(iEnd, jEnd) - Math.max(truth.starts[i] as number, predicted.starts[j] as number);
      if (voxels > 0) {
        const pair = (truth.parts[i] as number) * factor + (predicted.parts[j] as number);
        counts.set(pair, (counts.get(pair) ?? 0) + voxels);
      }
      if (iEnd < jEnd) i++;
      else j++;
    }
  }
  return [...counts].map(([pair, voxels]) => ({
    lesion: Math.floor(pair / factor),
    prediction: pair % factor,
    voxels,
  }));
}
