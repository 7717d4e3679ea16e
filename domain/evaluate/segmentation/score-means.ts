import type { SegmentationScores } from './score-segmentation.js';
import type { CaseScores } from './segmentation-metrics.js';

export type ScoreName = Exclude<keyof SegmentationScores, 'unit'>;

const volumeNames = [
  'truthVolume',
  'predictedVolume',
  'predictedVolumeThresholded',
  'volumeError',
  'absoluteVolumeError',
] as const satisfies readonly ScoreName[];

/** Names of `SegmentationMetrics`, in the order of tables. */
const metricNames = [
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

/** The numbers of a segmentation, in the order of tables. */
export const scoreNames = [
  ...volumeNames,
  'relativeVolumeError',
  'crossEntropy',
  'softDiceScore',
  'dice',
  ...metricNames,
] as const satisfies readonly ScoreName[];

/** The names of `CaseScores`, in the order of tables. */
export const caseScoreNames = [
  'absoluteVolumeError',
  'relativeVolumeError',
  ...metricNames,
] as const satisfies readonly (keyof CaseScores)[];

export type CaseScoreName = (typeof caseScoreNames)[number];

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
    const { mean, cases } = meanWhereDefined(scores.map((one) => one[name]));
    return [name, { mean: isOneUnit || !isVolume(name) ? mean : null, cases }];
  });
  return Object.fromEntries(means) as Record<ScoreName, ScoreMean>;
}

/** The mean of the values that are not null. */
export function meanWhereDefined(values: readonly (number | null)[]): ScoreMean {
  const defined = values.filter((value) => value !== null);
  const sum = defined.reduce((total, value) => total + value, 0);
  return { mean: defined.length > 0 ? sum / defined.length : null, cases: defined.length };
}

/** Whether the number is in the case's unit. */
export function isVolume(name: ScoreName): boolean {
  return volumeNames.some((one) => one === name);
}
