import { stringify } from 'csv-stringify/sync';
import { unpredictableReasons } from '../../preprocess/mask/structure-quality.js';
import { unpredictableVolume } from '../../preprocess/mask/structure-quality.js';
import { spreadsheetText } from './spreadsheet-text.js';
import type { PreparedDataSet } from '../../results/results-input.js';

const columns = [
  'data_set',
  'case',
  'unit',
  'volume_before',
  'volume_after',
  'structure_voxels',
  'outside_prepared_image',
  'outside_crop',
  'in_margin',
  'outside_mask',
  'cannot_be_predicted',
  'non_finite_voxels',
  'lowest_intensities',
  'highest_intensities',
  'aligned_modalities',
  'outside_voxels',
  'shear_degrees',
];

/**
 * Effect of preprocessing on each case, one line per case: the structure's volume before and after resampling, its
 * voxels, its volume that no network can predict, by reason and in all, voxels that were NaN or infinite, the range of the
 * prepared intensities, one number per modality separated by spaces, the modalities that were interpolated onto the first
 * one's grid, and by how much the axes differ from perpendicular ones.
 */
export function qualityCsv(dataSets: readonly PreparedDataSet[]): string {
  const lines = dataSets.flatMap(({ name, unit, quality }) =>
    quality.map((row) => [
      ...[name, spreadsheetText(row.caseId), unit, row.volumeBefore, row.volumeAfter, row.structureVoxels],
      ...unpredictableReasons.map(({ reason }) => row.unpredictable[reason]),
      unpredictableVolume(row),
      row.nonFiniteVoxels ?? 0,
      row.intensities?.map(({ lowest }) => lowest).join(' '),
      row.intensities?.map(({ highest }) => highest).join(' '),
      row.aligned && spreadsheetText(row.aligned.map(({ modality }) => modality).join(' ')),
      row.aligned?.map(({ outsideVoxels }) => outsideVoxels).join(' '),
      row.shearDegrees,
    ]),
  );
  return stringify([columns, ...lines]);
}
