import type { CaseMetrics } from './evaluate-case.js';

/** The metrics of tables and comparisons, in the order of the paper's Table 1. */
export const metricNames = ['crossEntropy', 'softDiceScore', 'volumeError', 'volumeErrorThresholded', 'dice'] as const;

export type MetricName = (typeof metricNames)[number];

export interface Metric {
  readonly label: string;
  /** `zero`: a signed error with no better direction; its bias is tested against 0. */
  readonly better: 'lower' | 'higher' | 'zero';
  readonly valueOf: (measured: CaseMetrics) => number;
}

export const metrics: Readonly<Record<MetricName, Metric>> = {
  crossEntropy: { label: 'CE', better: 'lower', valueOf: (row) => row.crossEntropy },
  softDiceScore: { label: '1 − SD', better: 'higher', valueOf: (row) => row.softDiceScore },
  volumeError: { label: 'ΔV', better: 'zero', valueOf: (row) => row.volumeError },
  volumeErrorThresholded: {
    label: 'ΔV hard',
    better: 'zero',
    valueOf: (row) => row.predictedVolumeThresholded - (row.truthVolume - row.unpredictableVolume),
  },
  dice: { label: 'Dice', better: 'higher', valueOf: (row) => row.dice },
};
