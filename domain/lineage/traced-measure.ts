import type { CaseMetrics } from '../evaluate/evaluate-case.js';
import type { ReportedRow } from '../evaluate/evaluation-row.js';
import { metricNames, metrics } from '../evaluate/metrics.js';
import { caseScoreNames, isVolume as isVolumeScore, type CaseScoreName } from '../evaluate/segmentation/score-means.js';

/** The metrics of Table 1, and the volumes. */
export const tableMeasureNames = [
  ...metricNames,
  'truthVolume',
  'predictedVolume',
  'predictedVolumeThresholded',
] as const;

export type TableMeasureName = (typeof tableMeasureNames)[number];

/** What can be traced of a case or, as the mean over its cases, of an arm: these and the other metrics. */
export const measureNames = [...tableMeasureNames, ...caseScoreNames] as const;

export type MeasureName = (typeof measureNames)[number];

export function isMeasure(name: string): name is MeasureName {
  return measureNames.some((known) => known === name);
}

/** Volumes and their errors are in the data set's unit; scores and losses have none. */
export function tableMeasureOf(measured: CaseMetrics, measure: TableMeasureName): number {
  switch (measure) {
    case 'truthVolume':
    case 'predictedVolume':
    case 'predictedVolumeThresholded':
      return measured[measure];
    default:
      return metrics[measure].valueOf(measured);
  }
}

/** null where the case has no such number. */
export function measureOf(row: ReportedRow, measure: MeasureName): number | null {
  return isScore(measure) ? row.scores[measure] : tableMeasureOf(row, measure);
}

/** Scores are those of the native grid. */
export function isScore(measure: MeasureName): measure is CaseScoreName {
  return caseScoreNames.some((name) => name === measure);
}

export function isVolume(measure: MeasureName): boolean {
  return isScore(measure) ? isVolumeScore(measure) : measure.includes('olume');
}
