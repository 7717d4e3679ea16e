import type { ScoreName } from '../../evaluate/segmentation/score-means.js';
import { formatNumber, formatSigned, formatSignedPercent } from '../words/format-number.js';

/** The names of scores in headings. */
export const scoreLabels: Readonly<Record<ScoreName, string>> = {
  truthVolume: 'true volume',
  predictedVolume: 'predicted volume',
  predictedVolumeThresholded: 'volume of the mask',
  volumeError: 'ΔV',
  absoluteVolumeError: '|ΔV|',
  relativeVolumeError: 'ΔV / V',
  crossEntropy: 'CE',
  softDiceScore: '1 − SD',
  dice: 'Dice',
  jaccard: 'Jaccard',
  precision: 'precision',
  recall: 'recall',
  specificity: 'specificity',
  hausdorff95Mm: 'HD95',
  averageSurfaceDistanceMm: 'ASSD',
  normalisedSurfaceDice: 'NSD',
  lesionF1: 'lesion F1',
  lesionF1AtHalfIou: 'lesion F1, IoU > 0.5',
  expectedCalibrationError: 'ECE',
  brierScore: 'Brier',
};

/** A score in a table; — where there is none. */
export function scoreText(name: ScoreName, value: number | null): string {
  if (value === null) return '—';
  if (name === 'volumeError') return formatSigned(value);
  return name === 'relativeVolumeError' ? formatSignedPercent(value) : formatNumber(value);
}
