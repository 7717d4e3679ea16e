import { metrics, type MetricName } from '../../evaluate/metrics.js';
import { unitLabel, type VolumeUnit } from '../../evaluate/voxel-size.js';
import type { CellMark, Results } from '../../results/results.js';

/** The marks as they stand behind a number in plain text. */
export function markText({ bias, better, incomplete }: CellMark): string {
  return `${better ? '*' : ''}${bias === 'over' ? '▲' : bias === 'under' ? '▼' : ''}${incomplete ? '†' : ''}`;
}

/** The row's heading; volume errors with their unit. */
export function metricLabel(metric: MetricName, { unit }: { readonly unit: VolumeUnit }): string {
  const { label, better } = metrics[metric];
  return better === 'zero' ? `${label} (${unitLabel(unit)})` : label;
}

/** What the marks mean; that of missing folds only where some are missing. */
export function legendOf({ significance, gaps }: Results): readonly string[] {
  return [
    `▲ volume overestimated, ▼ underestimated (mean ΔV against 0, p < ${significance})`,
    `* better than the other loss of the same model (p < ${significance})`,
    ...(gaps.length > 0 ? ['† some folds have no results'] : []),
  ];
}
