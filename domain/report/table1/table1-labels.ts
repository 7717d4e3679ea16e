import { metrics, type MetricName } from '../../evaluate/metrics.js';
import { unitLabel, type VolumeUnit } from '../../evaluate/voxel-size.js';
import { gridLabel } from '../words/labels.js';
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

/** The meaning of the marks, and the grid; mentions missing folds only if there are any. */
export function legendOf({ significance, gaps, grid }: Results): readonly string[] {
  return [
    `▲ volume overestimated, ▼ underestimated (mean ΔV tested against 0, p < ${significance})`,
    `* better than every other loss of the same model (p < ${significance})`,
    `measured on the ${gridLabel(grid)}`,
    ...(gaps.length > 0 ? ['† some folds have no results'] : []),
  ];
}
