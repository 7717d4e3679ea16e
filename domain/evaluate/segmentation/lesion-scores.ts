import { componentsOf } from './components.js';
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
  const overlaps = overlapsOf(truth.labels, predicted.labels);
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

function overlapsOf(truth: Int32Array, predicted: Int32Array): Overlap[] {
  const counts = new Map<number, Map<number, number>>();
  for (let i = 0; i < truth.length; i++) {
    const [lesion, prediction] = [truth[i] as number, predicted[i] as number]; // in range
    if (lesion === 0 || prediction === 0) continue;
    let ofLesion = counts.get(lesion);
    if (ofLesion === undefined) counts.set(lesion, (ofLesion = new Map<number, number>()));
    ofLesion.set(prediction, (ofLesion.get(prediction) ?? 0) + 1);
  }
  return [...counts].flatMap(([lesion, ofLesion]) =>
    [...ofLesion].map(([prediction, voxels]) => ({ lesion, prediction, voxels })),
  );
}
