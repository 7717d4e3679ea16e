import type { CaseMetrics } from '../evaluate/evaluate-case.js';
import { metricNames, metrics } from '../evaluate/metrics.js';

/** What can be traced of a case or, as the mean over its cases, of an arm: the metrics of Table 1, and the volumes. */
export const measureNames = [...metricNames, 'truthVolume', 'predictedVolume', 'predictedVolumeThresholded'] as const;

export type MeasureName = (typeof measureNames)[number];

export function isMeasure(name: string): name is MeasureName {
  return measureNames.some((known) => known === name);
}

/** Volumes and their errors are in the data set's unit; scores and losses have none. */
export function measureOf(measured: CaseMetrics, measure: MeasureName): number {
  switch (measure) {
    case 'truthVolume':
    case 'predictedVolume':
    case 'predictedVolumeThresholded':
      return measured[measure];
    default:
      return metrics[measure].valueOf(measured);
  }
}

export function isVolume(measure: MeasureName): boolean {
  return measure.includes('olume');
}
