import { stringify } from 'csv-stringify/sync';

import { spreadsheetText } from './spreadsheet-text.js';

/** A prediction, and its files without their ending, relative to the table's folder. */
export interface PredictionLine {
  readonly caseId: string;
  readonly participant: string;
  readonly model: string;
  readonly loss: string;
  readonly fold: number;
  readonly repeat: number;
  readonly path: string;
}

/** Which case, arm and fold the files of predictions are of: one line per prediction, separated by tabs as in BIDS. */
export function predictionsTsv(lines: readonly PredictionLine[]): string {
  const columns = ['case', 'participant', 'model', 'loss', 'fold', 'repeat', 'probability', 'mask'];
  const rows = lines.map(({ caseId, participant, model, loss, fold, repeat, path }) => [
    ...[spreadsheetText(caseId), spreadsheetText(participant), model, loss, fold, repeat],
    ...[`${path}_probseg.nii.gz`, `${path}_mask.nii.gz`],
  ]);
  return stringify([columns, ...rows], { delimiter: '\t' });
}
