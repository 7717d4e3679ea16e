import type { CaseWarning } from './case-warnings.js';
import type { EvaluationGrid, ReportedRow } from '../evaluate/evaluation-row.js';
import type { Reliability } from '../evaluate/segmentation/reliability.js';
import type { VolumeUnit } from '../evaluate/voxel-size.js';
import type { UnpredictableVolume } from '../preprocess/mask/structure-quality.js';
import type { Comparison } from '../statistics/compare-losses.js';
import type { Collapse } from '../training/collapse.js';
import type { PaperDataSet } from './paper/published.js';
import type { TestRules } from './test-rules.js';

/** Effect of preparation (resampling, cropping) on the structure of one case. Volumes in the data set's unit. */
export interface QualityRow {
  readonly caseId: string;
  readonly volumeBefore: number;
  readonly volumeAfter: number;
  /** Structure voxels on the prepared grid. */
  readonly structureVoxels: number;
  /** Parts of `volumeBefore` where no network can predict anything. */
  readonly unpredictable: UnpredictableVolume;
  /** Voxels of the case's files that were NaN or infinite and became 0. */
  readonly nonFiniteVoxels?: number;
  /** Modalities that were interpolated onto the first one's grid, and the voxels that they do not reach. */
  readonly aligned?: readonly { readonly modality: string; readonly outsideVoxels: number }[];
  /** By how much the grid's axes differ from perpendicular ones. */
  readonly shearDegrees?: number;
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
  /** Absent unless the paper used it too. */
  readonly paperDataSet?: PaperDataSet;
  /** Warnings about cases that are used nevertheless. */
  readonly warnings?: readonly CaseWarning[];
}

/** What a perfect learner with a loss would predict for one case. Volumes in the data set's unit. */
export interface TheoryPrediction {
  readonly dataSet: string;
  readonly caseId: string;
  readonly loss: string;
  /** V(Ŷ) of the perfect learner. */
  readonly predictedVolume: number;
  /** V(Y) without what no network can predict, in expectation over the labels that the case might have been given. */
  readonly expectedVolume: number;
}

/** A training or evaluation without a result. */
export interface Gap {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  readonly fold: number;
  readonly repeat: number;
  readonly reason: string;
}

/** A training that counts although its network ended up predicting one probability everywhere. */
export interface CollapsedTraining extends Collapse {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  readonly fold: number;
  /** Absent for the first. */
  readonly repeat?: number;
}

/** The reliability of the probabilities of one training's network, over its held-out cases. */
export interface TrainingReliability extends Reliability {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  readonly fold: number;
  /** Absent for the first. */
  readonly repeat?: number;
}

/** What a sweep measured, and what it should have measured. Rows and comparisons may be in any order. */
export interface ResultsInput {
  readonly dataSets: readonly PreparedDataSet[];
  readonly models: readonly string[];
  readonly losses: readonly string[];
  /** The folds that every arm should have. */
  readonly folds: readonly number[];
  /** The trainings that every arm should have on each fold. */
  readonly repeats: number;
  readonly rows: readonly ReportedRow[];
  /** Of the trainings that the rows are from. */
  readonly reliabilities: readonly TrainingReliability[];
  /** The rows' own grid. */
  readonly grid: EvaluationGrid;
  /** The tests over the same rows, at the same significance level and margin of equivalence. */
  readonly comparisons: readonly Comparison[];
  readonly rules: TestRules;
  readonly equivalenceMargin: number;
  /** Predictions for the cases with known uncertainty. */
  readonly theory: readonly TheoryPrediction[];
  /** Missing trainings with known reasons. */
  readonly gaps: readonly Gap[];
  /** Volumes in ml at which decisions change. */
  readonly thresholdsMl: readonly number[];
  readonly collapses: readonly CollapsedTraining[];
  readonly endings: readonly TrainingEnding[];
}

/** How a training with results ended. */
export interface TrainingEnding {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  /** At the limit of epochs, the last of which was the best: more epochs might have improved it. */
  readonly isUnfinished: boolean;
  /**
   * By which share of the best validation loss before the last epoch improved on it, such as 0.2; 0 if it did not, and where the
   * training was not cut short; null with one epoch.
   */
  readonly lastImprovement: number | null;
}
