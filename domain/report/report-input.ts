import type { EvaluationRow } from '../evaluate/evaluation-row.js';
import type { VolumeUnit } from '../evaluate/voxel-size.js';
import type { Comparison } from '../statistics/compare-losses.js';
import type { Collapse } from '../training/collapse.js';
import type { MethodsConfig } from './methods-config.js';

/** What preparing (resampling, cropping) did to the structure of one case. Volumes in the data set's unit. */
export interface QualityRow {
  readonly caseId: string;
  readonly volumeBefore: number;
  readonly volumeAfter: number;
  /** Voxels of the structure on the prepared grid, and how many of them lie outside the crop that networks see. */
  readonly structureVoxels: number;
  readonly croppedAwayVoxels: number;
  /** Voxels of its files that were NaN or infinite and became 0. */
  readonly nonFiniteVoxels?: number;
  /** Range of the prepared image's values, by modality. */
  readonly intensities?: readonly { readonly lowest: number; readonly highest: number }[];
}

export interface ReportDataSet {
  readonly name: string;
  readonly unit: VolumeUnit;
  readonly cases: number;
  readonly participants: number;
  readonly quality: readonly QualityRow[];
  /** Faulty cases that the config leaves out. */
  readonly excluded?: readonly { readonly caseId: string; readonly reason: string }[];
  /** What is to be known of some cases although they were used. */
  readonly warnings?: readonly { readonly warning: string; readonly cases: readonly string[] }[];
}

/** The bias that the theory gives a perfect learner with a loss, mean over the cases of a data set. */
export interface TheoryPrediction {
  readonly dataSet: string;
  readonly loss: string;
  readonly predictedBias: number;
  readonly unit: VolumeUnit;
}

/** A training or evaluation that gave no result. */
export interface Gap {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  readonly fold: number;
  readonly reason: string;
}

/** A training that counts although it came to predict one probability everywhere. */
export interface CollapsedTraining extends Collapse {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  readonly fold: number;
}

/** A numeric environment, and how many units of each step were computed in it. */
export interface Machine {
  readonly made: readonly { readonly step: string; readonly units: number }[];
  /** Versions, devices, threads: whatever numbers depend on. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** Everything the report says; the page is a pure function of it. */
export interface ReportInput {
  readonly title: string;
  readonly sweepId: string;
  readonly dataSets: readonly ReportDataSet[];
  readonly models: readonly string[];
  readonly losses: readonly string[];
  /** The folds that every arm should have. */
  readonly folds: readonly number[];
  readonly rows: readonly EvaluationRow[];
  readonly comparisons: readonly Comparison[];
  readonly theory?: readonly TheoryPrediction[];
  readonly gaps: readonly Gap[];
  readonly collapses?: readonly CollapsedTraining[];
  readonly config: MethodsConfig;
  /** The machines that computed, each with what it made. */
  readonly machines: readonly Machine[];
  readonly digests: readonly { readonly name: string; readonly digest: string }[];
  /** The command that computes the gaps again. */
  readonly rerunCommand?: string;
}
