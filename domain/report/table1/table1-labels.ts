import { metrics, type MetricName } from '../../evaluate/metrics.js';
import { unitLabel, type VolumeUnit } from '../../evaluate/voxel-size.js';
import type { CellMark, Results, ResultsDataSet } from '../../results/results.js';
import { formatNumber } from '../words/format-number.js';
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

/** The row of the theory's ΔV: its heading, and a text for each arm. null where theory predicts nothing. */
export function theoryRow({ arms, unit }: ResultsDataSet): { readonly label: string; readonly cells: string[] } | null {
  if (arms.every(({ theoryBias }) => theoryBias === null)) return null;
  const cells = arms.map(({ theoryBias }) => (theoryBias === null ? '—' : formatNumber(theoryBias.realised)));
  return { label: `theory (${unitLabel(unit)})`, cells };
}

/** The meaning of the marks, with the test that decides them; mentions repeats and missing folds only if there are any. */
export function legendOf({ rules, gaps, dataSets, grid, repeats }: Results): readonly string[] {
  const hasTheory = dataSets.some((dataSet) => theoryRow(dataSet) !== null);
  const { decides, correction, significance } = rules;
  const corrected = correction === 'holm' ? ', Holm-corrected' : '';
  return [
    `▲ volume overestimated, ▼ underestimated (mean ΔV tested against 0, p < ${significance}${corrected})`,
    `* better than every other loss of the same model (p < ${significance})`,
    ...(hasTheory ? ['theory: ΔV of a perfect learner on the same cases, with the labels as drawn'] : []),
    `marks are decided by the test ${testLabels[decides]}`,
    `measured on the ${gridLabel(grid)}`,
    ...(repeats > 1 ? [`${repeats} repeats of each training; each case counts with its mean over them`] : []),
    ...(gaps.length > 0 ? [`† some ${repeats > 1 ? 'trainings' : 'folds'} have no results`] : []),
  ];
}
