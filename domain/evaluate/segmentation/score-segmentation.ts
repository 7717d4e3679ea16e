import type { CoverageMap, Grid } from '../../image/grid.js';
import { evaluateCase, type CaseMetrics } from '../evaluate-case.js';
import { predictedMask } from '../predicted-mask.js';
import { pixelSize, voxelSizeInMillilitres } from '../voxel-size.js';
import { segmentationMetrics, volumeErrors, type CaseScores } from './segmentation-metrics.js';

/** All metrics of one segmentation. Volumes are those of the probabilities, of which a mask has 0 and 1. */
export type SegmentationScores = Omit<CaseMetrics, 'unpredictableVolume'> & CaseScores;

export interface ScoredPair {
  readonly grid: Grid;
  /** Whether the grid is that of a picture, which has pixels instead of mm. */
  readonly isPicture: boolean;
  /** On the grid, in [0, 1]. */
  readonly truth: CoverageMap['values'];
  readonly predicted: CoverageMap['values'];
}

/** Where masks begin, and how far CE clips probabilities: as a config has them by default. */
const [threshold, clip] = [0.5, 1e-7];

/**
 * Scores a prediction. An image of one slice is 2D: its surfaces are contours. Volumes of pictures are in 10² pixels, and their
 * distances in pixels. Errors as in `evaluateCase`.
 */
export function scoreSegmentation(
  { grid, isPicture, truth, predicted: values }: ScoredPair,
  toleranceMm: number,
): SegmentationScores {
  const predicted = values instanceof Float32Array ? values : new Float32Array(values);
  const mask = predictedMask(predicted, threshold);
  const size = isPicture ? pixelSize : voxelSizeInMillilitres(grid);
  const measured = evaluateCase({ truth, predicted, mask, size, unpredictableVolume: 0, clip });
  const { unpredictableVolume, ...metrics } = measured;
  const dimensions = grid.shape[2] === 1 ? 2 : 3;
  return {
    ...metrics,
    ...volumeErrors({ ...metrics, unpredictableVolume }),
    ...segmentationMetrics({ grid, dimensions, truth, predicted, mask, toleranceMm }),
  };
}
