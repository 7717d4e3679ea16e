import type { EvaluationGrid, ReportedRow } from '../evaluate/evaluation-row.js';
import type { MetricName } from '../evaluate/metrics.js';
import type { CaseScoreName, ScoreMean } from '../evaluate/segmentation/score-means.js';
import type { UnpredictableVolume } from '../preprocess/mask/structure-quality.js';
import type { Agreement } from '../statistics/agreement.js';
import type { Comparison } from '../statistics/compare-losses.js';
import type { Equivalence } from '../statistics/equivalence.js';
import type { PaperComparison } from './paper/beside-paper.js';
import type { ArmFlaw } from './arm-flaw.js';
import type { Calibration } from './calibration-of.js';
import type { TestRules } from './test-rules.js';
import type { CollapsedTraining, Gap, PreparedDataSet, TheoryPrediction, TrainingEnding } from './results-input.js';

/**
 * Every number that a sweep's outputs show, computed once by `resultsOf`; the outputs only format them. Volumes and
 * volume errors are in the unit of their data set. docs/numbers.md gives the formula of each number.
 */
export interface Results {
  readonly models: readonly string[];
  readonly losses: readonly string[];
  /** Trainings of each arm on each fold. */
  readonly repeats: number;
  readonly rules: TestRules;
  /** Margin of the equivalence tests, relative to the mean true volume that networks could predict. */
  readonly equivalenceMargin: number;
  /** The grid on which tables, tests and marks measure. */
  readonly grid: EvaluationGrid;
  /** Confidence level of every interval: 1 − significance. */
  readonly confidence: number;
  readonly dataSets: readonly ResultsDataSet[];
  readonly overall: OverallVerdict;
  /** Every training that should have results but has none. */
  readonly gaps: readonly Gap[];
  /** The input that the results were computed from, unchanged. */
  readonly source: {
    readonly rows: readonly ReportedRow[];
    readonly comparisons: readonly Comparison[];
    readonly theory: readonly TheoryPrediction[];
    readonly collapses: readonly CollapsedTraining[];
    readonly endings: readonly TrainingEnding[];
  };
}

export interface ResultsDataSet extends PreparedDataSet {
  /** Number of cases of the arm with the most cases. */
  readonly measuredCases: number;
  /** Its measured cases by true volume: small, medium, large. */
  readonly terciles: readonly VolumeTercile[];
  /** Ordered by model, then by loss. */
  readonly arms: readonly ResultsArm[];
  readonly verdict: Verdict;
  /** The means that the paper reports too, beside it; null unless the paper used this data set. */
  readonly paper: PaperComparison | null;
  readonly preparation: PreparationEffect;
}

/** One arm (model × loss) on one data set, over all cases of its folds; each case counts with its mean over repeats. */
export interface ResultsArm {
  readonly model: string;
  readonly loss: string;
  readonly cases: number;
  readonly participants: number;
  /** Why its volumes say nothing about its loss; null if nothing is known against them. */
  readonly flaw: ArmFlaw | null;
  /** Trainings without results. */
  readonly missingTrainings: readonly { readonly fold: number; readonly repeat: number }[];
  /** Their folds. */
  readonly missingFolds: readonly number[];
  /** Mean true volume of the same cases; null without cases. */
  readonly meanTruthVolume: number | null;
  /** Mean of the part of it that no network can predict, and which ΔV leaves out; null without cases. */
  readonly meanUnpredictableVolume: number | null;
  /** ΔV of a perfect learner with this loss on the same cases; null without cases and if the uncertainty is unknown. */
  readonly theoryBias: TheoryBias | null;
  readonly cells: Readonly<Record<MetricName, ResultsCell>>;
  /** Of the volumes of its cases, whose differences judge the arm; null with fewer than two cases. */
  readonly agreement: Agreement | null;
  /** The judged volume error in each of the data set's terciles. */
  readonly terciles: readonly ArmTercile[];
  /** For each threshold that the config names; none for 2D data sets, whose volumes are not in ml. */
  readonly crossings: readonly ThresholdCrossings[];
  /** The same means on the other grid, without tests; null without cases. */
  readonly otherGrid: {
    readonly meanTruthVolume: number;
    readonly meanUnpredictableVolume: number;
    readonly means: Readonly<Record<MetricName, number>>;
  } | null;
  /** Means of the other metrics on the native grid, each over the cases in which it is defined. */
  readonly scores: Readonly<Record<CaseScoreName | 'dice', ScoreMean>>;
  /** null if the networks predicted no voxel. */
  readonly calibration: Calibration | null;
}

/** A third of a data set's measured cases. */
export interface VolumeTercile {
  /** By increasing true volume. */
  readonly caseIds: readonly string[];
  /** The range of their true volumes; null without cases. */
  readonly lowest: number | null;
  readonly highest: number | null;
}

/** An arm's cases of a tercile. */
export interface ArmTercile {
  readonly cases: number;
  /** Of the probabilities or, where a loss yields none, of the masks; null without cases. */
  readonly meanVolumeError: number | null;
}

/** Cases of an arm whose true and predicted volumes lie on different sides of a threshold. */
export interface ThresholdCrossings {
  readonly thresholdMl: number;
  /** Cases with true volume > threshold. */
  readonly truthAbove: number;
  /** true ≤ threshold < predicted. */
  readonly raised: number;
  /** predicted ≤ threshold < true. */
  readonly lowered: number;
}

/** Mean volume errors of a perfect learner, over the cases of an arm. */
export interface TheoryBias {
  /** Against the labels as drawn: the bias of the loss and the sampling error of these labels. */
  readonly realised: number;
  /** In expectation over all labels that these cases might have been given: the bias of the loss alone. */
  readonly expected: number;
  /** The measured mean minus `realised`: what training, the model's capacity and noise add. */
  readonly remainder: number;
}

/** One metric of one arm: a cell of Table 1. */
export interface ResultsCell {
  /** Mean over the arm's cases; null without cases. */
  readonly mean: number | null;
  /**
   * Volume errors only: mean / mean true volume that networks could predict. null for other metrics, without cases, and if it is
   * 0.
   */
  readonly relativeBias: number | null;
  /** Volume errors only: the test of the mean against 0. null for other metrics and if it was not performed. */
  readonly againstZero: ZeroTest | null;
  /** The tests against the other losses of the same model, in the order of losses, without those not performed. */
  readonly pairs: readonly PairTest[];
  readonly mark: CellMark;
}

/** Two tests of a mean over cases with their intervals, and the outcome of the one that decides. */
export interface MeanTest {
  /** Of the test that decides; null if it is not possible: with one participant, or with one fold. */
  readonly interval: readonly [number, number] | null;
  /** Two-sided, against a mean of 0; of the test that decides, 1 if it is not possible. */
  readonly pValue: number;
  /** Never with fewer than `enoughParticipants`. */
  readonly significant: boolean;
  /** Conditional on these trained networks. */
  readonly conditional: Comparison['conditional'];
  /** null with cases of one fold only. */
  readonly includingTraining: Comparison['includingTraining'];
  readonly cases: number;
  readonly participants: number;
}

/** The test of a volume error against 0. */
export interface ZeroTest extends MeanTest {
  /** p-value of the test that decides, adjusted for its family; null without correction or if it is not possible. */
  readonly adjustedPValue: number | null;
  /** null if it could not be tested. */
  readonly equivalence: (Equivalence & { readonly holds: boolean }) | null;
}

/** The test of the differences metric(own loss) − metric(reference) over the cases that both arms have. */
export interface PairTest extends MeanTest {
  readonly reference: string;
  /** Mean of the differences. */
  readonly mean: number;
}

/** Outcome of a cell's tests. */
export interface CellMark {
  /** Volume errors: mean significantly above 0 (bold in the paper) or below 0 (italic). */
  readonly bias: 'over' | 'under' | null;
  /** Scores and losses: significantly better than with every other loss of the same model. */
  readonly better: boolean;
  /** Some of the arm's trainings have no results. */
  readonly incomplete: boolean;
}

/** Outcome of a data set's tests of ΔV, judged by one model. */
export interface Verdict {
  /** The last model with results; null if none has any. */
  readonly model: string | null;
  /** The model's arms: significantly biased ones first, by decreasing bias; the rest in their original order. */
  readonly arms: readonly ResultsArm[];
  /** The losses of arms without a flaw whose ΔV could be tested on enough participants, and those with significant bias. */
  readonly tested: readonly string[];
  readonly biased: readonly string[];
  /** The losses whose ΔV is shown to lie within the margin of equivalence. */
  readonly equivalent: readonly string[];
  /** The smallest number of participants in these tests, if it is too small for any of them to decide; otherwise null. */
  readonly fewParticipants: number | null;
}

/**
 * Number of data sets in which ΔV was tested, found biased, and shown to lie within the margin of equivalence, per loss:
 * most biased first, without untested losses.
 */
export interface OverallVerdict {
  /** The models by which the data sets were judged. */
  readonly models: readonly string[];
  readonly losses: readonly LossCounts[];
}

/** In how many data sets a loss was tested, shown to be biased, and shown to be right on average. */
export interface LossCounts {
  readonly loss: string;
  readonly tested: number;
  readonly biased: number;
  readonly equivalent: number;
}

/** Effect of preparation on the cases of a data set. */
export interface PreparationEffect {
  readonly cases: number;
  /** Prepared cases plus faulty cases that were excluded. */
  readonly foundCases: number;
  /** Relative changes of the structure's volume by resampling; null if no case has a structure. */
  readonly change: { readonly mean: number; readonly lowest: number; readonly highest: number } | null;
  /** Cases whose structure was empty from the start, and those whose structure vanished in resampling. */
  readonly empty: readonly string[];
  readonly vanished: readonly string[];
  /** Cases with structure that no network can predict, the largest share first. */
  readonly unpredictable: readonly {
    readonly caseId: string;
    readonly volume: number;
    /** Of this volume. */
    readonly of: number;
  }[];
  /** Mean over the cases of the volume that no network can predict, by reason; null without cases. */
  readonly meanUnpredictable: UnpredictableVolume | null;
  /** Cases with voxels that were NaN or infinite and became 0. */
  readonly patched: readonly string[];
  readonly patchedVoxels: number;
  /** Cases with modalities that were interpolated onto the first one's grid, and voxels that these do not reach. */
  readonly aligned: readonly string[];
  readonly outsideVoxels: number;
  /** Cases whose axes are not perpendicular, and the largest difference from a right angle; 0 if there are none. */
  readonly sheared: readonly string[];
  readonly largestShearDegrees: number;
}
