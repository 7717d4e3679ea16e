import type { SegmentationScores } from './score-segmentation.js';

export type ScoreName = Exclude<keyof SegmentationScores, 'unit'>;

const volumeNames = [
  'truthVolume',
  'predictedVolume',
  'predictedVolumeThresholded',
  'volumeError',
  'absoluteVolumeError',
] as const satisfies readonly ScoreName[];

/** The numbers of a segmentation, in the order of tables. */
export const scoreNames = [
  ...volumeNames,
  'relativeVolumeError',
  'crossEntropy',
  'softDiceScore',
  'dice',
  'jaccard',
  'precision',
  'recall',
  'specificity',
  'hausdorff95Mm',
  'averageSurfaceDistanceMm',
  'normalisedSurfaceDice',
  'lesionF1',
  'lesionF1AtHalfIou',
  'expectedCalibrationError',
  'brierScore',
] as const satisfies readonly ScoreName[];

export interface ScoreMean {
  /** Over the cases that have the number; null without any, and for volumes in different units. */
  readonly mean: number | null;
  /** Cases that have the number. */
  readonly cases: number;
}

/** The mean of each number over cases, in their order. */
export function scoreMeans(scores: readonly SegmentationScores[]): Readonly<Record<ScoreName, ScoreMean>> {
  const isOneUnit = new Set(scores.map(({ unit }) => unit)).size < 2;
  const means = scoreNames.map((name): [ScoreName, ScoreMean] => {
    const values = scores.map((one) => one[name]).filter((value) => value !== null);
    const isMean = values.length > 0 && (isOneUnit || !isVolume(name));
    const sum = values.reduce((total, value) => total + value, 0);
    return [name, { mean: isMean ? sum / values.length : null, cases: values.length }];
  });
  return Object.fromEntries(means) as Record<ScoreName, ScoreMean>;
}

/** Whether the number is in the case's unit. */
export function isVolume(name: ScoreName): boolean {
  return volumeNames.some((one) => one === name);
}
