import type { CoverageMap } from '../image/grid.js';
import { mapOntoOriginal } from '../preprocess/onto-original.js';
import type { OriginalStructure } from '../preprocess/preprocess-case.js';
import { evaluateCase, type CaseToEvaluate } from './evaluate-case.js';
import type { MeasuredCase } from './evaluation-row.js';
import { originalVoxelSize, voxelSizeOf } from './voxel-size.js';

interface PredictedMap extends Pick<CaseToEvaluate, 'clip' | 'threshold'> {
  readonly dimensions: 2 | 3;
  /** The truth on the prepared grid. */
  readonly label: CoverageMap;
  readonly original: OriginalStructure;
  /** Probabilities on the prepared grid; 0 where nothing was predicted. */
  readonly predicted: Float32Array;
}

/**
 * Measures a predicted case on both grids: on the prepared one against the prepared label, and on the original one, onto
 * which the probabilities are carried back (`mapOntoOriginal`), against the original mask. Errors as in `evaluateCase`.
 */
export function measureCase({
  dimensions,
  label,
  original,
  predicted,
  clip,
  threshold,
}: PredictedMap): Pick<MeasuredCase, 'native' | 'working' | 'predictedVolumeOutside'> {
  const size = voxelSizeOf(dimensions, label.grid);
  const { grid, values: truth } = original.label;
  const back = mapOntoOriginal({ values: predicted, originalShape: grid.shape, axes: original.axes });
  const nativeSize = originalVoxelSize(dimensions, grid, original.axes);
  return {
    working: evaluateCase({ truth: label.values, predicted, size, clip, threshold }),
    native: evaluateCase({ truth, predicted: back.values, size: nativeSize, clip, threshold }),
    predictedVolumeOutside: back.outside * size.voxelVolume,
  };
}
