import type { SegmentationScores } from '../../evaluate/segmentation/score-segmentation.js';
import { isVolume, scoreMeans, type ScoreName } from '../../evaluate/segmentation/score-means.js';
import { unitLabel } from '../../evaluate/voxel-size.js';
import { scoreLabels, scoreText } from './score-text.js';

/** A case of `volbias evaluate`. */
export interface ScoredCase extends SegmentationScores {
  readonly case: string;
  /** What the prediction's file holds. */
  readonly prediction: 'mask' | 'map';
}

/** What `volbias evaluate` has measured. */
export interface ScoredCases {
  readonly toleranceMm: number;
  readonly cases: readonly ScoredCase[];
  /** Cases that could not be measured, and why. */
  readonly refused: readonly { readonly case: string; readonly reason: string }[];
  /** Files without a partner of the same name. */
  readonly unmatched: { readonly predictions: readonly string[]; readonly truths: readonly string[] };
}

/** The heading of each column, with its unit if all cases have the same. */
export function scoreHeadings(cases: readonly ScoredCase[], names: readonly ScoreName[]): string[] {
  const [unit, ...others] = new Set(cases.map((one) => unitLabel(one.unit)));
  const isOne = others.length === 0 && unit !== undefined;
  const lengthUnit = unit === 'ml' ? 'mm' : 'px';
  return names.map((name) => {
    const ofName = isVolume(name)
      ? unit
      : ['hausdorff95Mm', 'averageSurfaceDistanceMm'].includes(name)
        ? lengthUnit
        : '';
    return isOne && ofName !== '' ? `${scoreLabels[name]} (${ofName})` : scoreLabels[name];
  });
}

/** The cells of a case; — where it has no number. */
export function scoreCells(scores: SegmentationScores, names: readonly ScoreName[]): string[] {
  return names.map((name) => scoreText(name, scores[name]));
}

/** The cells of the means over all cases. */
export function meanCells(cases: readonly ScoredCase[], names: readonly ScoreName[]): string[] {
  const means = scoreMeans(cases);
  return names.map((name) => scoreText(name, means[name].mean));
}

/** Which means are not over all cases: `HD95: mean over 3 of 5 cases`. */
export function partialMeans(cases: readonly ScoredCase[], names: readonly ScoreName[]): string[] {
  const means = scoreMeans(cases);
  return names
    .filter((name) => means[name].cases < cases.length)
    .map(
      (name) =>
        `${scoreLabels[name]}: mean over ${means[name].cases} of ${cases.length} cases, for the others it is not defined`,
    );
}
