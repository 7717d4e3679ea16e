import { unfinishedNote } from '../words/unfinished-notes.js';
import { metrics, type MetricName } from '../../evaluate/metrics.js';
import { unitLabel, type VolumeUnit } from '../../evaluate/voxel-size.js';
import type { CellMark, Results, ResultsDataSet } from '../../results/results.js';
import { visibleText } from '../../markup/visible-text.js';
import { enoughParticipants } from '../../results/enough-participants.js';
import { isMuchCutOff, muchCutOff } from '../../results/cut-off.js';
import { formatNumber, listed, percent } from '../words/format-number.js';
import { gridLabel, testLabels } from '../words/labels.js';

/** The marks after a number in plain text. */
export function markText({ bias, better, incomplete }: CellMark): string {
  return `${better ? '*' : ''}${bias === 'over' ? '▲' : bias === 'under' ? '▼' : ''}${incomplete ? '†' : ''}`;
}

/** The row heading; with the unit for volume errors. */
export function metricLabel(metric: MetricName, { unit }: { readonly unit: VolumeUnit }): string {
  const { label, better } = metrics[metric];
  return better === 'zero' ? `${label} (${unitLabel(unit)})` : label;
}

/** A row of Table 1 that is no metric: its heading, and a text for each arm. */
export interface ExtraRow {
  readonly label: string;
  readonly cells: readonly string[];
  /** The step that the numbers are from. */
  readonly step: 'scan' | 'statistics';
}

/** The rows below the metrics, where there is anything to say. */
export function extraRows(dataSet: ResultsDataSet): ExtraRow[] {
  return [cutOffRow(dataSet) ?? [], theoryRow(dataSet) ?? []].flat();
}

/** The row of the volume that no network could predict. null where all of the structure could be. */
function cutOffRow({ arms, unit }: ResultsDataSet): ExtraRow | null {
  if (arms.every(({ meanUnpredictableVolume }) => (meanUnpredictableVolume ?? 0) === 0)) return null;
  const cells = arms.map(({ meanUnpredictableVolume: volume, meanTruthVolume }) => {
    if (volume === null) return '—';
    return `${formatNumber(volume)}${isMuchCutOff(volume, meanTruthVolume) ? ' ⚠' : ''}`;
  });
  return { label: `cut off (${unitLabel(unit)})`, cells, step: 'statistics' };
}

/** The row of the theory's ΔV. null where theory predicts nothing. */
function theoryRow({ arms, unit }: ResultsDataSet): ExtraRow | null {
  if (arms.every(({ theoryBias }) => theoryBias === null)) return null;
  const cells = arms.map(({ theoryBias }) => (theoryBias === null ? '—' : formatNumber(theoryBias.realised)));
  return { label: `theory (${unitLabel(unit)})`, cells, step: 'scan' };
}

/** The meaning of the marks, with the test that decides them; mentions repeats and missing folds only if there are any. */
export function legendOf({ rules, gaps, dataSets, grid, repeats, source: { endings } }: Results): readonly string[] {
  const hasTheory = dataSets.some((dataSet) => theoryRow(dataSet) !== null);
  const isCut = dataSets.some((dataSet) => cutOffRow(dataSet) !== null);
  const { decides, correction, significance } = rules;
  const corrected = correction === 'holm' ? ', Holm-corrected' : '';
  return [
    `▲ volume overestimated, ▼ underestimated (mean ΔV tested against 0, p < ${significance}${corrected})`,
    `* better than every other loss of the same model (p < ${significance})`,
    ...fewParticipantsNote(dataSets),
    ...(isCut
      ? [
          `cut off: mean true volume that no network could predict, which ΔV leaves out (⚠ above ${percent(muchCutOff)} % of the volume)`,
        ]
      : []),
    ...(hasTheory ? ['theory: ΔV of a perfect learner on the same cases, with the labels as drawn'] : []),
    `marks are decided by the test ${testLabels[decides]}`,
    `measured on the ${gridLabel(grid)}`,
    ...(repeats > 1 ? [`${repeats} repeats of each training; each case counts with its mean over them`] : []),
    ...unfinishedNote(endings),
    ...(gaps.length > 0 ? ['† some trainings have no results'] : []),
  ];
}

/** Why data sets have no marks: a line, or none if all have enough participants. */
function fewParticipantsNote(dataSets: Results['dataSets']): string[] {
  const few = dataSets.flatMap(({ name, verdict: { fewParticipants: count, tested } }) =>
    count === null ? [] : `${visibleText(name)} has ${count}${tested.length > 0 ? ' in some arms' : ''}`,
  );
  if (few.length === 0) return [];
  return [`no ▲ ▼ * with fewer than ${enoughParticipants} participants, on which tests are unreliable: ${listed(few)}`];
}
