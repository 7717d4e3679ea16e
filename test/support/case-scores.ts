import type { CaseScores } from '../../domain/evaluate/segmentation/segmentation-metrics.js';

/** Scores of a case, each with another value. */
export const someScores: CaseScores = {
  absoluteVolumeError: 2.5,
  relativeVolumeError: 0.25,
  jaccard: 0.6,
  precision: 0.7,
  recall: 0.8,
  specificity: 0.9,
  hausdorff95Mm: 4,
  averageSurfaceDistanceMm: 1.5,
  normalisedSurfaceDice: 0.85,
  lesionF1: 0.75,
  lesionF1AtHalfIou: 0.5,
  expectedCalibrationError: 0.03,
  brierScore: 0.02,
};
