import { metrics, type MetricName } from '../../evaluate/metrics.js';
import { unitLabel, type VolumeUnit } from '../../evaluate/voxel-size.js';
import { testLabels } from '../words/labels.js';
import type { CellMark, Results } from '../../results/results.js';

/** The marks after a number in plain text. */
export function markText({ bias, better, incomplete }: CellMark): string {
  return `${better ? '*' : ''}${bias === 'over' ? '▲' : bias === 'under' ? '▼' : ''}${incomplete ? '†' : ''}`;
}

/** The row heading; with the unit for volume errors. */
export function metricLabel(metric: MetricName, { unit }: { readonly unit: VolumeUnit }): string {
  const { label, better } = metrics[metric];
  return better === 'zero' ? `${label} (${unitLabel(unit)})` : label;
}

/** The meaning of the marks, with the test that decides them; mentions missing folds only if there are any. */
export function legendOf({ rules, gaps }: Results): readonly string[] {
  const { decides, correction, significance } = rules;
  const corrected = correction === 'holm' ? ', Holm-corrected' : '';
  return [
    `▲ volume overestimated, ▼ underestimated (mean ΔV tested against 0, p < ${significance}${corrected})`,
    `* better than every other loss of the same model (p < ${significance})`,
    `marks are decided by the test ${testLabels[decides]}`,
    ...(gaps.length > 0 ? ['† some folds have no results'] : []),
  ];
}
