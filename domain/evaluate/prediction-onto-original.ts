import type { Triple } from '../image/grid.js';
import { mapOntoOriginal, maskOntoOriginal } from '../preprocess/onto-original.js';
import type { GridAxes } from '../preprocess/resampled-axis.js';
import { predictedMask } from './predicted-mask.js';

/** A prediction on the grid of the original image. */
export interface OriginalPrediction {
  /** Probabilities in [0, 1], as `mapOntoOriginal` carries them back. */
  readonly map: Float64Array;
  /** The predicted mask, as `maskOntoOriginal` carries it back. */
  readonly mask: Uint8Array;
  /** Sum of the probabilities outside the original field of view, in voxels of the prepared grid. */
  readonly outside: number;
  /** The predicted mask before, on the prepared grid. */
  readonly preparedMask: Uint8Array;
}

/**
 * Carries a prediction of the prepared grid back onto the original one: what is measured there, and what is written.
 *
 * The mask is carried back, not drawn anew from the probabilities there: an original voxel halfway between prepared ones
 * has the mean of theirs, so that the border of a certain prediction would lie at ties, and its volume be too small. The
 * probabilities there only decide which of the voxels that the mask covers come first.
 */
export function predictionOntoOriginal({
  values,
  threshold,
  ...place
}: {
  /** Probabilities on the prepared grid. */
  readonly values: Float32Array;
  readonly threshold: number;
  readonly originalShape: Triple;
  /** The prepared grid's axes, in voxels of the original image. */
  readonly axes: GridAxes;
}): OriginalPrediction {
  const preparedMask = predictedMask(values, threshold);
  const { values: map, outside } = mapOntoOriginal({ ...place, values });
  return { map, mask: maskOntoOriginal({ ...place, values: preparedMask }, map), outside, preparedMask };
}
