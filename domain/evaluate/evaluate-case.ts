import { DomainError } from '../domain-error.js';
import type { VolumeUnit, VoxelSize } from './voxel-size.js';

/** The metrics of one predicted case. Volumes are in `unit`. */
export interface CaseMetrics {
  /** CE (Eq. 5), mean over the voxels, ≥ 0. A loss: lower is better. */
  readonly crossEntropy: number;
  /** 1 − SD (Eq. 6) of the probabilities, in [0, 1]. A score: higher is better. */
  readonly softDiceScore: number;
  /** Dice (Eq. 1) of the predicted mask, with soft labels against y > 0.5, in [0, 1]. A score: higher is better. */
  readonly dice: number;
  readonly unit: VolumeUnit;
  /** V(Y), Eq. 2; with soft labels v Σ y. */
  readonly truthVolume: number;
  /** The part of V(Y) where no network can predict anything: beyond the crop or the mask, for instance. */
  readonly unpredictableVolume: number;
  /** V(Ŷ), Eq. 3: the sum of the soft probabilities. */
  readonly predictedVolume: number;
  /** Volume of the predicted mask, Eq. 2. */
  readonly predictedVolumeThresholded: number;
  /**
   * ΔV = V(Ŷ) − V(Y) with the soft volume, where V(Y) is without its unpredictable part: what the network did. Positive
   * when the volume is overestimated. Less `unpredictableVolume`, it is the error of the whole volume.
   */
  readonly volumeError: number;
}

/** The part of the true volume that a network could predict: what ΔV compares with. */
export function reachableVolume({
  truthVolume,
  unpredictableVolume,
}: Pick<CaseMetrics, 'truthVolume' | 'unpredictableVolume'>): number {
  return truthVolume - unpredictableVolume;
}

export interface CaseToEvaluate {
  /** 0 outside the structure, 1 inside; with soft labels the share of each voxel that the structure covers. */
  readonly truth: Uint8Array | Float32Array;
  /**
   * Probabilities in [0, 1], in the voxel order of `truth`; 0 where nothing was predicted (outside the crop or mask).
   */
  readonly predicted: Float32Array | Float64Array;
  /** 1 where structure is predicted (`predictedMask`), 0 elsewhere, in the same order. */
  readonly mask: Uint8Array;
  readonly size: VoxelSize;
  /** In the unit of `size`. */
  readonly unpredictableVolume: number;
  /** CE alone uses probabilities clipped to [clip, 1 − clip], so that one confident error stays finite. */
  readonly clip: number;
}

interface Sums {
  crossEntropy: number;
  truth: number;
  predicted: number;
  intersection: number;
  truthThresholded: number;
  thresholded: number;
  thresholdedIntersection: number;
}

/**
 * Computes the metrics of one case in one pass, with sums in double precision.
 *
 * If truth and prediction are both empty (Σy + Σŷ = 0, or no voxel in either label map), the score is 1: there was
 * nothing to find and nothing was found. If only the truth is empty, 1 − SD and Dice are 0 however small the prediction
 * is, following Eq. 6 and Eq. 1 (the ε of the training loss is not part of the metric). If only the prediction is
 * empty, they are 0 too. CE is defined in every case.
 *
 * Throws ARGUMENT_INVALID (no voxels, or clip outside (0, 0.5)), IMAGE_SHAPE_MISMATCH (unequal lengths), LABEL_INVALID
 * (truth outside [0, 1]) and IMAGE_VALUES_INVALID (probability outside [0, 1] or NaN).
 */
export function evaluateCase({ truth, predicted, mask, size, unpredictableVolume, clip }: CaseToEvaluate): CaseMetrics {
  refuseUnlikeArrays(truth, predicted, mask);
  if (!(clip > 0 && clip < 0.5)) {
    throw new DomainError('ARGUMENT_INVALID', `clip is ${clip}; expected a number between 0 and 0.5`, { clip });
  }
  const sums = sumVoxels({ truth, predicted, mask, clip });
  const truthVolume = size.voxelVolume * sums.truth;
  const predictedVolume = size.voxelVolume * sums.predicted;
  return {
    crossEntropy: sums.crossEntropy / truth.length,
    softDiceScore: overlap(sums.intersection, sums.truth + sums.predicted),
    dice: overlap(sums.thresholdedIntersection, sums.truthThresholded + sums.thresholded),
    unit: size.unit,
    truthVolume,
    unpredictableVolume,
    predictedVolume,
    predictedVolumeThresholded: size.voxelVolume * sums.thresholded,
    volumeError: predictedVolume - (truthVolume - unpredictableVolume),
  };
}

/** 2·intersection / total; 1 for 0/0. */
function overlap(intersection: number, total: number): number {
  return total === 0 ? 1 : (2 * intersection) / total;
}

function sumVoxels({ truth, predicted, mask, clip }: Omit<CaseToEvaluate, 'size' | 'unpredictableVolume'>): Sums {
  const highest = 1 - clip;
  const leastCrossEntropy = -Math.log1p(-clip); // of background that is predicted as such: most voxels of many maps
  let crossEntropy = 0;
  let truthSum = 0;
  let truthThresholded = 0;
  let predictedSum = 0;
  let intersection = 0;
  let thresholded = 0;
  let thresholdedIntersection = 0;
  for (let i = 0; i < truth.length; i++) {
    // `as number`: all arrays have truth.length elements, and a check per voxel would halve the speed.
    const label = truth[i] as number;
    const probability = predicted[i] as number;
    if (!(probability >= 0 && probability <= 1)) refuseProbability(probability, i);
    const clipped = probability < clip ? clip : probability > highest ? highest : probability;
    predictedSum += probability;
    const above = mask[i] === 1;
    if (above) thresholded++;
    if (label === 0) {
      crossEntropy += clipped === clip ? leastCrossEntropy : -Math.log1p(-clipped);
      continue;
    }
    if (!(label > 0 && label <= 1)) refuseLabel(label, i);
    crossEntropy -= label === 1 ? Math.log(clipped) : label * Math.log(clipped) + (1 - label) * Math.log1p(-clipped);
    truthSum += label;
    intersection += label * probability;
    if (label <= 0.5) continue;
    truthThresholded++;
    if (above) thresholdedIntersection++;
  }
  return {
    crossEntropy,
    truth: truthSum,
    truthThresholded,
    predicted: predictedSum,
    intersection,
    thresholded,
    thresholdedIntersection,
  };
}

function refuseUnlikeArrays(truth: ArrayLike<number>, ...predictions: readonly ArrayLike<number>[]): void {
  for (const { length } of predictions) {
    if (truth.length === length) continue;
    const message = `the truth has ${truth.length} voxels but the prediction has ${length}`;
    throw new DomainError('IMAGE_SHAPE_MISMATCH', message, { truth: truth.length, predicted: length });
  }
  if (truth.length === 0) throw new DomainError('ARGUMENT_INVALID', 'cannot evaluate a case without voxels');
}

function refuseLabel(label: number, index: number): never {
  throw new DomainError('LABEL_INVALID', `the truth is ${label} at voxel ${index}; expected 0 to 1`, { label, index });
}

function refuseProbability(value: number, index: number): never {
  const message = `the prediction is ${value} at voxel ${index}; expected a probability in [0, 1]`;
  throw new DomainError('IMAGE_VALUES_INVALID', message, { value: String(value), index });
}
