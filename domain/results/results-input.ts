import type { EvaluationRow } from '../evaluate/evaluation-row.js';
import type { VolumeUnit } from '../evaluate/voxel-size.js';
import type { Comparison } from '../statistics/compare-losses.js';
import type { Collapse } from '../training/collapse.js';

/** Effect of preparation (resampling, cropping) on the structure of one case. Volumes in the data set's unit. */
export interface QualityRow {
  readonly caseId: string;
  readonly volumeBefore: number;
  readonly volumeAfter: number;
  /** Structure voxels on the prepared grid, and how many of them lie outside the networks' crop. */
  readonly structureVoxels: number;
  readonly croppedAwayVoxels: number;
  /** Voxels of the case's files that were NaN or infinite and became 0. */
  readonly nonFiniteVoxels?: number;
  /** Modalities that were interpolated onto the first one's grid, and the voxels that they do not reach. */
  readonly aligned?: readonly { readonly modality: string; readonly outsideVoxels: number }[];
  /** Range of the prepared image's values, per modality. */
  readonly intensities?: readonly { readonly lowest: number; readonly highest: number }[];
}

/** A data set after preparation. */
export interface PreparedDataSet {
  readonly name: string;
  readonly unit: VolumeUnit;
  /** Prepared cases and their participants, whether or not any arm has results for them. */
  readonly cases: number;
  readonly participants: number;
  readonly quality: readonly QualityRow[];
  /** Faulty cases that the config excludes. */
  readonly excluded?: readonly { readonly caseId: string; readonly reason: string }[];
  /** Warnings about cases that are used nevertheless. */
  readonly warnings?: readonly { readonly warning: string; readonly cases: readonly string[] }[];
}

/** The bias that the theory predicts for a perfect learner with a loss, mean over the cases of a data set. */
export interface TheoryPrediction {
  readonly dataSet: string;
  readonly loss: string;
  readonly predictedBias: number;
  readonly unit: VolumeUnit;
}

/** A training or evaluation without a result. */
export interface Gap {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  readonly fold: number;
  readonly reason: string;
}

/** A training that counts although its network ended up predicting one probability everywhere. */
export interface CollapsedTraining extends Collapse {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  readonly fold: number;
}

/** What a sweep measured, and what it should have measured. Rows and comparisons may be in any order. */
export interface ResultsInput {
  readonly dataSets: readonly PreparedDataSet[];
  readonly models: readonly string[];
  readonly losses: readonly string[];
  /** The folds that every arm should have. */
  readonly folds: readonly number[];
  readonly rows: readonly EvaluationRow[];
  /** The tests over the same rows, at the same significance level. */
  readonly comparisons: readonly Comparison[];
  readonly significance: number;
  /** Predictions for the data sets with known uncertainty. */
  readonly theory: readonly TheoryPrediction[];
  /** Missing folds with known reasons. */
  readonly gaps: readonly Gap[];
  readonly collapses: readonly CollapsedTraining[];
}
