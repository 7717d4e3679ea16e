import type { EvaluationRow } from '../evaluate/evaluation-row.js';
import type { MetricName } from '../evaluate/metrics.js';
import type { Comparison } from '../statistics/compare-losses.js';
import type { CollapsedTraining, Gap, PreparedDataSet, QualityRow, TheoryPrediction } from './results-input.js';

/**
 * Every number that a sweep's outputs show, computed once by `resultsOf`: whoever shows them only formats. Volumes and
 * volume errors are in the unit of their data set. docs/numbers.md has the formula of each.
 */
export interface Results {
  readonly models: readonly string[];
  readonly losses: readonly string[];
  /** The p-value below which a test is significant. */
  readonly significance: number;
  /** Of every interval: 1 − significance. */
  readonly confidence: number;
  readonly dataSets: readonly ResultsDataSet[];
  readonly overall: OverallVerdict;
  /** Every fold that should have results and has none. */
  readonly gaps: readonly Gap[];
  /** What the results were computed from, as it came. */
  readonly source: {
    readonly rows: readonly EvaluationRow[];
    readonly comparisons: readonly Comparison[];
    readonly theory: readonly TheoryPrediction[];
    readonly collapses: readonly CollapsedTraining[];
  };
}

export interface ResultsDataSet extends PreparedDataSet {
  /** Cases of the arm that has most. */
  readonly measuredCases: number;
  /** In the order of models, within a model of losses. */
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
  /** Mean of the true volumes of the same cases; null where there is no case. */
  readonly meanTruthVolume: number | null;
  /** The theory's ΔV of a perfect learner with this loss; null where the uncertainty is not known. */
  readonly theoryBias: number | null;
  readonly cells: Readonly<Record<MetricName, ResultsCell>>;
}

/** One metric of one arm: a cell of Table 1. */
export interface ResultsCell {
  /** Mean over the arm's cases; null where there is no case. */
  readonly mean: number | null;
  /** Volume errors: mean / mean true volume; null for other metrics, without cases, and where the latter is 0. */
  readonly relativeBias: number | null;
  /** Volume errors: the test of the mean against 0; null for other metrics and where it was not made. */
  readonly againstZero: MeanTest | null;
  /** The tests against the other losses of the same model, in the order of losses; without those not made. */
  readonly pairs: readonly PairTest[];
  readonly mark: CellMark;
}

/** What the bootstrap says of a mean over cases. */
export interface MeanTest {
  /** At the results' confidence; null where there is one participant only, which says nothing of others. */
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

/** What the tests say of a cell. */
export interface CellMark {
  /** Volume errors: mean significantly above (the paper's bold) or below 0 (italic). */
  readonly bias: 'over' | 'under' | null;
  /** Scores and losses: significantly better than with every other loss of the same model. */
  readonly better: boolean;
  /** Some of the arm's folds have no results. */
  readonly incomplete: boolean;
}

/** What the tests of ΔV say of a data set, judged by one model. */
export interface Verdict {
  /** The last model that has results; null where none has. */
  readonly model: string | null;
  /** The model's arms: significantly biased ones first, larger biases before smaller, the rest as laid out. */
  readonly arms: readonly ResultsArm[];
  /** The losses, in the same order, whose ΔV could be tested, and those that are significantly biased. */
  readonly tested: readonly string[];
  readonly biased: readonly string[];
  /** The least number of participants behind one of these tests if it is too small to rely on, else null. */
  readonly fewParticipants: number | null;
}

/** In how many data sets ΔV was tested and found biased, by loss: most biased first, untested losses left out. */
export interface OverallVerdict {
  /** The models by which the data sets were judged. */
  readonly models: readonly string[];
  readonly losses: readonly { readonly loss: string; readonly tested: number; readonly biased: number }[];
}

/** What preparing did to the cases of a data set. */
export interface Preparation {
  readonly cases: number;
  /** Prepared cases and faulty ones that were left out. */
  readonly foundCases: number;
  /** Relative changes of the structure's volume by resampling; null where no case has a structure. */
  readonly change: { readonly mean: number; readonly lowest: number; readonly highest: number } | null;
  /** Cases whose structure was empty before, and those whose structure resampling lost altogether. */
  readonly empty: readonly string[];
  readonly vanished: readonly string[];
  /** Cases with voxels of the structure outside the crop, the worst first: no network can find those voxels. */
  readonly cropped: readonly QualityRow[];
  readonly croppedVoxels: number;
  /** Cases with voxels that were NaN or infinite and became 0. */
  readonly patched: readonly string[];
  readonly patchedVoxels: number;
}
