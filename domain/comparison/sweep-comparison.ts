import type { EvaluationGrid } from '../evaluate/evaluation-row.js';
import type { MetricName } from '../evaluate/metrics.js';
import type { VolumeUnit } from '../evaluate/voxel-size.js';
import type { SettingChange } from '../lineage/settings.js';
import type { BootstrapEstimate } from '../statistics/bootstrap-estimate.js';
import type { TrainingEstimate } from '../statistics/including-training.js';
import type { SharedCases } from './shared-cases.js';

/** A measure of an arm in two sweeps, over the cases that the arm has in both. Volumes are in the unit of the data set. */
export interface ComparedMeasure {
  readonly metric: MetricName;
  /** The mean in each sweep. */
  readonly a: number;
  readonly b: number;
  /** The mean of the paired differences B − A. */
  readonly difference: number;
  /** Conditional on the trained networks: only the participants are taken as random. */
  readonly conditional: Pick<BootstrapEstimate, 'pValue' | 'interval'>;
  /** Takes the trainings of both sweeps as random, too; null where that is not defined. */
  readonly includingTraining: TrainingEstimate | null;
}

/** A model with a loss, in both sweeps. */
export interface ComparedArm {
  readonly model: string;
  readonly loss: string;
  /** Shared cases that both sweeps have results of. */
  readonly cases: number;
  /** Groups of cases with a participant in common. */
  readonly participants: number;
  /** Why there is no test including the training; null if there is one. */
  readonly withoutTraining: string | null;
  /** Empty without cases. */
  readonly measures: readonly ComparedMeasure[];
}

export interface ComparedDataSet extends SharedCases {
  readonly name: string;
  readonly unit: VolumeUnit;
  readonly arms: readonly ComparedArm[];
}

/** Two sweeps beside each other. */
export interface SweepComparison {
  readonly a: string;
  readonly b: string;
  /** Where both are measured. */
  readonly grid: EvaluationGrid;
  /** The settings and the versions of steps in which they differ: `before` is A's value, `now` B's. */
  readonly settings: readonly SettingChange[];
  readonly code: readonly SettingChange[];
  readonly dataSets: readonly ComparedDataSet[];
  /** Data sets, and arms as DATASET.MODEL.LOSS, that only one of them has. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}
