import type { EvaluationRow } from '../evaluate/evaluation-row.js';
import type { MetricName } from '../evaluate/metrics.js';
import type { Comparison } from '../statistics/compare-losses.js';
import type { CollapsedTraining, Gap, PreparedDataSet, QualityRow, TheoryPrediction } from './results-input.js';

/**
 * Every number that a sweep's outputs show, computed once by `resultsOf`; the outputs only format them. Volumes and
 * volume errors are in the unit of their data set. docs/numbers.md gives the formula of each number.
 */
export interface Results {
  readonly models: readonly string[];
  readonly losses: readonly string[];
  /** A test is significant if its p-value is below this. */
  readonly significance: number;
  /** Confidence level of every interval: 1 − significance. */
  readonly confidence: number;
  readonly dataSets: readonly ResultsDataSet[];
  readonly overall: OverallVerdict;
  /** Every fold that should have results but has none. */
  readonly gaps: readonly Gap[];
  /** The input that the results were computed from, unchanged. */
  readonly source: {
    readonly rows: readonly EvaluationRow[];
    readonly comparisons: readonly Comparison[];
    readonly theory: readonly TheoryPrediction[];
    readonly collapses: readonly CollapsedTraining[];
  };
}

export interface ResultsDataSet extends PreparedDataSet {
  /** Number of cases of the arm with the most cases. */
  readonly measuredCases: number;
  /** Ordered by model, then by loss. */
  readonly arms: readonly ResultsArm[];
  readonly verdict: Verdict;
  readonly preparation: Preparation;
}

/** One arm (model × loss) on one data set, over all cases of its folds. */
export interface ResultsArm {
  readonly model: string;
  readonly loss: string;
  readonly cases: number;
  readonly participants: number;
  readonly missingFolds: readonly number[];
  /** Mean true volume of the same cases; null without cases. */
  readonly meanTruthVolume: number | null;
  /** ΔV that the theory predicts for a perfect learner with this loss; null if the uncertainty is unknown. */
  readonly theoryBias: number | null;
  readonly cells: Readonly<Record<MetricName, ResultsCell>>;
}

/** One metric of one arm: a cell of Table 1. */
export interface ResultsCell {
  /** Mean over the arm's cases; null without cases. */
  readonly mean: number | null;
  /**
   * Volume errors only: mean / mean true volume. null for other metrics, without cases, and if the mean true volume is
   * 0.
   */
  readonly relativeBias: number | null;
  /** Volume errors only: the test of the mean against 0. null for other metrics and if it was not performed. */
  readonly againstZero: MeanTest | null;
  /** The tests against the other losses of the same model, in the order of losses, without those not performed. */
  readonly pairs: readonly PairTest[];
  readonly mark: CellMark;
}

/** Bootstrap interval and test of a mean over cases. */
export interface MeanTest {
  /** At the results' confidence level; null with one participant, who carries no information about others. */
  readonly interval: readonly [number, number] | null;
  /** Two-sided, against a mean of 0; in (0, 1]. */
  readonly pValue: number;
  readonly significant: boolean;
  readonly cases: number;
  readonly participants: number;
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
  /** Some of the arm's folds have no results. */
  readonly incomplete: boolean;
}

/** Outcome of a data set's tests of ΔV, judged by one model. */
export interface Verdict {
  /** The last model with results; null if none has any. */
  readonly model: string | null;
  /** The model's arms: significantly biased ones first, by decreasing bias; the rest in their original order. */
  readonly arms: readonly ResultsArm[];
  /** The losses, in the same order, whose ΔV could be tested, and those with significant bias. */
  readonly tested: readonly string[];
  readonly biased: readonly string[];
  /** The smallest number of participants in these tests, if it is too small to rely on; otherwise null. */
  readonly fewParticipants: number | null;
}

/**
 * Number of data sets in which ΔV was tested and found biased, per loss: most biased first, without untested losses.
 */
export interface OverallVerdict {
  /** The models by which the data sets were judged. */
  readonly models: readonly string[];
  readonly losses: readonly { readonly loss: string; readonly tested: number; readonly biased: number }[];
}

/** Effect of preparation on the cases of a data set. */
export interface Preparation {
  readonly cases: number;
  /** Prepared cases plus faulty cases that were excluded. */
  readonly foundCases: number;
  /** Relative changes of the structure's volume by resampling; null if no case has a structure. */
  readonly change: { readonly mean: number; readonly lowest: number; readonly highest: number } | null;
  /** Cases whose structure was empty from the start, and those whose structure vanished in resampling. */
  readonly empty: readonly string[];
  readonly vanished: readonly string[];
  /** Cases with structure voxels outside the crop, worst first: no network can find those voxels. */
  readonly cropped: readonly QualityRow[];
  readonly croppedVoxels: number;
  /** Cases with voxels that were NaN or infinite and became 0. */
  readonly patched: readonly string[];
  readonly patchedVoxels: number;
  /** Cases with modalities that were interpolated onto the first one's grid, and voxels that these do not reach. */
  readonly aligned: readonly string[];
  readonly outsideVoxels: number;
}
