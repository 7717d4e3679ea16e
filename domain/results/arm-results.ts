import type { CaseMetrics } from '../evaluate/evaluate-case.js';
import type { ReportedRow } from '../evaluate/evaluation-row.js';
import { metrics, type MetricName } from '../evaluate/metrics.js';
import type { Comparison } from '../statistics/compare-losses.js';
import type { ArmOfDataSet, ComparisonIndex } from '../statistics/comparison-index.js';
import { cellMark } from './cell-mark.js';
import type { MeanTest, PairTest, ResultsArm, ResultsCell } from './results.js';
import type { TheoryPrediction } from './results-input.js';

interface ArmInput {
  readonly arm: ArmOfDataSet;
  /** The arm's rows, in any order. */
  readonly rows: readonly ReportedRow[];
  readonly losses: readonly string[];
  readonly folds: readonly number[];
  readonly comparisons: ComparisonIndex;
  readonly theory: readonly TheoryPrediction[];
}

/** One arm's results: means over its cases (not over folds), as in the paper, with tests and marks. */
export function armResults(input: ArmInput): ResultsArm {
  const { arm, folds, theory } = input;
  // Floating-point sums depend on order: sorting makes the bytes independent of the order in which units finished.
  const rows = input.rows.toSorted((a, b) => (a.caseId < b.caseId ? -1 : 1));
  const present = new Set(rows.map((row) => row.fold));
  const missingFolds = folds.filter((fold) => !present.has(fold));
  const meanTruthVolume = meanOf(rows, (row) => row.truthVolume);
  const cell = (metric: MetricName): ResultsCell => cellOf({ ...input, rows, metric, missingFolds, meanTruthVolume });
  return {
    model: arm.model,
    loss: arm.loss,
    cases: rows.length,
    participants: new Set(rows.map((row) => row.participant)).size,
    missingFolds,
    meanTruthVolume,
    theoryBias: theory.find((one) => one.dataSet === arm.dataSet && one.loss === arm.loss)?.predictedBias ?? null,
    cells: {
      crossEntropy: cell('crossEntropy'),
      softDiceScore: cell('softDiceScore'),
      volumeError: cell('volumeError'),
      volumeErrorThresholded: cell('volumeErrorThresholded'),
      dice: cell('dice'),
    },
    otherGrid: otherGridOf(rows),
  };
}

function otherGridOf(rows: readonly ReportedRow[]): ResultsArm['otherGrid'] {
  if (rows.length === 0) return null;
  const mean = (valueOf: (measured: CaseMetrics) => number): number =>
    rows.reduce((sum, { otherGrid }) => sum + valueOf(otherGrid), 0) / rows.length;
  return {
    meanTruthVolume: mean(({ truthVolume }) => truthVolume),
    means: {
      crossEntropy: mean(metrics.crossEntropy.valueOf),
      softDiceScore: mean(metrics.softDiceScore.valueOf),
      volumeError: mean(metrics.volumeError.valueOf),
      volumeErrorThresholded: mean(metrics.volumeErrorThresholded.valueOf),
      dice: mean(metrics.dice.valueOf),
    },
  };
}

interface CellInput extends ArmInput {
  readonly metric: MetricName;
  readonly missingFolds: readonly number[];
  readonly meanTruthVolume: number | null;
}

function cellOf(input: CellInput): ResultsCell {
  const { arm, rows, losses, comparisons, metric, missingFolds, meanTruthVolume } = input;
  const { better, valueOf } = metrics[metric];
  const mean = meanOf(rows, valueOf);
  const zeroTest = better === 'zero' ? comparisons.againstZero(arm, metric) : undefined;
  const againstZero = zeroTest === undefined ? null : meanTest(zeroTest);
  const otherLosses = losses.filter((loss) => loss !== arm.loss);
  const pairs = otherLosses.flatMap((reference): PairTest[] => {
    const test = comparisons.lossPair(arm, reference, metric);
    return test === undefined ? [] : [{ reference, mean: test.mean, ...meanTest(test) }];
  });
  return {
    mean,
    relativeBias: better === 'zero' ? quotient(mean, meanTruthVolume) : null,
    againstZero,
    pairs,
    mark: cellMark({ better, mean, againstZero, pairs, otherLosses, missingFolds }),
  };
}

function meanTest({ interval, pValue, significant, cases, groups }: Comparison): MeanTest {
  return { interval, pValue, significant, cases, participants: groups };
}

/** null if there are no rows. */
function meanOf(rows: readonly ReportedRow[], valueOf: (row: ReportedRow) => number): number | null {
  return rows.length === 0 ? null : rows.reduce((sum, row) => sum + valueOf(row), 0) / rows.length;
}

/** null if either is missing or the divisor is 0. */
function quotient(dividend: number | null, divisor: number | null): number | null {
  return dividend === null || divisor === null || divisor === 0 ? null : dividend / divisor;
}
