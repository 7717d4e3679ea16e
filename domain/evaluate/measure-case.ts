import type { CoverageMap } from '../image/grid.js';
import type { OriginalStructure } from '../preprocess/preprocess-case.js';
import { evaluateCase, type CaseToEvaluate } from './evaluate-case.js';
import type { MeasuredCase } from './evaluation-row.js';
import { predictionOntoOriginal } from './prediction-onto-original.js';
import { reliabilityOf, type Reliability } from './segmentation/reliability.js';
import { segmentationMetrics, volumeErrors } from './segmentation/segmentation-metrics.js';
import { originalVoxelSize, voxelSizeOf } from './voxel-size.js';

interface PredictedMap extends Pick<CaseToEvaluate, 'clip'> {
  readonly dimensions: 2 | 3;
  /** The truth on the prepared grid. */
  readonly label: CoverageMap;
  readonly original: OriginalStructure;
  /** The part of the original structure that no network can predict, in the case's unit. */
  readonly unpredictableVolume: number;
  /** Probabilities on the prepared grid; 0 where nothing was predicted. */
  readonly predicted: Float32Array;
  /** 1 where the network predicts, 0 elsewhere. */
  readonly predictable: Uint8Array;
  /** Of the predicted mask on the prepared grid. */
  readonly threshold: number;
  /** Of the normalised surface Dice, > 0. In 2D pixels of the original picture. */
  readonly toleranceMm: number;
}

/** A case's numbers, and what its voxels add to the calibration of its network. */
type Measures = Pick<MeasuredCase, 'native' | 'working' | 'predictedVolumeOutside' | 'scores'> & {
  readonly reliability: Reliability;
};

/**
 * Measures a predicted case on both grids: on the prepared one against the prepared label, and on the original one, onto
 * which the prediction is carried back (`predictionOntoOriginal`), against the original mask. Errors as in `evaluateCase`.
 *
 * Scores are those of the native grid, over the whole image. Reliability is that of the network's own probabilities: on the
 * prepared grid, where it predicts. Carried back they would be means of several, and 0 outside the crop is none of its own.
 */
export function measureCase({
  dimensions,
  label,
  original,
  unpredictableVolume,
  predicted,
  predictable,
  clip,
  threshold,
  toleranceMm,
}: PredictedMap): Measures {
  const size = voxelSizeOf(dimensions, label.grid);
  const { grid, values: truth } = original.label;
  const place = { originalShape: grid.shape, axes: original.axes };
  const back = predictionOntoOriginal({ values: predicted, threshold, ...place });
  const nativeSize = originalVoxelSize(dimensions, grid, original.axes);
  const native = evaluateCase({
    ...{ truth, predicted: back.map, mask: back.mask },
    ...{ size: nativeSize, unpredictableVolume, clip },
  });
  return {
    working: evaluateCase({
      ...{ truth: label.values, predicted, mask: back.preparedMask, size, clip },
      unpredictableVolume: sumBeyond(label.values, predictable) * size.voxelVolume,
    }),
    native,
    predictedVolumeOutside: back.outside * size.voxelVolume,
    scores: {
      ...volumeErrors(native),
      ...segmentationMetrics({ grid, dimensions, truth, predicted: back.map, mask: back.mask, toleranceMm }),
    },
    reliability: reliabilityOf({ truth: label.values, predicted, predictable }),
  };
}

function sumBeyond(label: CoverageMap['values'], predictable: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < label.length; i++) if (predictable[i] !== 1) sum += label[i] as number; // in range
  return sum;
}
