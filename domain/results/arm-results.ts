import { reachableVolume, type CaseMetrics } from '../evaluate/evaluate-case.js';
import { meanOf, reportedCaseMeans } from '../evaluate/case-means.js';
import type { ReportedRow } from '../evaluate/evaluation-row.js';
import { metrics, type MetricName } from '../evaluate/metrics.js';
import { caseScoreNames, meanWhereDefined } from '../evaluate/segmentation/score-means.js';
import { agreementOf } from '../statistics/agreement.js';
import type { ArmOfDataSet, ComparisonIndex } from '../statistics/comparison-index.js';
import { yieldsProbabilities } from '../training/losses/loss-choice.js';
import type { ArmFlaw } from './arm-flaw.js';
import { calibrationOf } from './calibration-of.js';
import { cellMark } from './cell-mark.js';
import type { PairTest, ResultsArm, ResultsCell, TheoryBias, VolumeTercile } from './results.js';
import { crossingsOf } from './crossings-of.js';
import type { Decisions } from './decide-test.js';
import { judgedVolumes } from './judged-volumes.js';
import type { TheoryPrediction, TrainingReliability } from './results-input.js';
import { armTerciles } from './terciles-of.js';

interface ArmInput {
  readonly arm: ArmOfDataSet;
  /** The arm's rows, in any order. */
  readonly rows: readonly ReportedRow[];
  /** Of the arm's trainings, in any order. */
  readonly reliabilities: readonly TrainingReliability[];
  readonly losses: readonly string[];
  readonly folds: readonly number[];
  readonly repeats: number;
  readonly comparisons: ComparisonIndex;
  readonly decisions: Decisions;
  readonly theory: readonly TheoryPrediction[];
  /** Of the arm's data set. */
  readonly terciles: readonly VolumeTercile[];
  /** Level of intervals. */
  readonly confidence: number;
  readonly thresholdsMl: readonly number[];
  readonly flaw: ArmFlaw | null;
}

/**
 * One arm's results: means over its cases (not over folds), as in the paper, with tests and marks. Each case counts with
 * its mean over the repeats.
 */
export function armResults(input: ArmInput): ResultsArm {
  const { arm, theory, terciles, confidence } = input;
  const rows = reportedCaseMeans(input.rows);
  const missingTrainings = missingTrainingsOf(input);
  const missingFolds = [...new Set(missingTrainings.map(({ fold }) => fold))];
  const meanTruthVolume = meanOrNull(rows, (row) => row.truthVolume);
  const meanUnpredictableVolume = meanOrNull(rows, (row) => row.unpredictableVolume);
  const meanReachableVolume = meanOrNull(rows, reachableVolume);
  const cell = (metric: MetricName): ResultsCell =>
    cellOf({ ...input, rows, metric, missingFolds, meanReachableVolume });
  return {
    model: arm.model,
    loss: arm.loss,
    cases: rows.length,
    participants: new Set(rows.map((row) => row.participant)).size,
    flaw: input.flaw,
    missingTrainings,
    missingFolds,
    meanTruthVolume,
    meanUnpredictableVolume,
    theoryBias: theoryBiasOf(arm, rows, theory),
    cells: {
      crossEntropy: cell('crossEntropy'),
      softDiceScore: cell('softDiceScore'),
      volumeError: cell('volumeError'),
      volumeErrorThresholded: cell('volumeErrorThresholded'),
      dice: cell('dice'),
    },
    agreement: agreementOf(
      rows.map((row) => ({ ...judgedVolumes(row), participant: row.participant })),
      confidence,
    ),
    terciles: armTerciles(rows, terciles),
    crossings: crossingsOf(rows, input.thresholdsMl),
    otherGrid: otherGridOf(rows),
    scores: scoresOf(rows),
    calibration: calibrationOf(input.reliabilities),
  };
}

function missingTrainingsOf({ rows, folds, repeats }: ArmInput): ResultsArm['missingTrainings'] {
  return folds.flatMap((fold) => {
    const present = new Set(rows.filter((row) => row.fold === fold).map(({ repeat = 0 }) => repeat));
    return Array.from({ length: repeats }, (_, repeat) => ({ fold, repeat })).filter(
      ({ repeat }) => !present.has(repeat),
    );
  });
}

function otherGridOf(rows: readonly ReportedRow[]): ResultsArm['otherGrid'] {
  if (rows.length === 0) return null;
  const mean = (valueOf: (measured: CaseMetrics) => number): number =>
    meanOf(rows, ({ otherGrid }) => valueOf(otherGrid));
  return {
    meanTruthVolume: mean(({ truthVolume }) => truthVolume),
    meanUnpredictableVolume: mean(({ unpredictableVolume }) => unpredictableVolume),
    means: {
      crossEntropy: mean(metrics.crossEntropy.valueOf),
      softDiceScore: mean(metrics.softDiceScore.valueOf),
      volumeError: mean(metrics.volumeError.valueOf),
      volumeErrorThresholded: mean(metrics.volumeErrorThresholded.valueOf),
      dice: mean(metrics.dice.valueOf),
    },
  };
}

function scoresOf(rows: readonly ReportedRow[]): ResultsArm['scores'] {
  const means = caseScoreNames.map((name) => [name, meanWhereDefined(rows.map(({ scores }) => scores[name]))] as const);
  const dice = meanWhereDefined(rows.map((row) => (row.grid === 'native' ? row : row.otherGrid).dice));
  return { dice, ...(Object.fromEntries(means) as Omit<ResultsArm['scores'], 'dice'>) }; // one for each name
}

/** null unless theory has a prediction for every case of the arm. */
function theoryBiasOf(
  { dataSet, loss }: ArmOfDataSet,
  rows: readonly ReportedRow[],
  theory: readonly TheoryPrediction[],
): TheoryBias | null {
  const ofArm = theory.filter((one) => one.dataSet === dataSet && one.loss === loss);
  const byCase = new Map(ofArm.map((one) => [one.caseId, one]));
  const errors = rows.flatMap((row) => {
    const perfect = byCase.get(row.caseId);
    if (perfect === undefined) return [];
    // Without probabilities, theory too is of masks.
    const { truth, predicted } = judgedVolumes(row);
    return {
      realised: perfect.predictedVolume - truth,
      expected: perfect.predictedVolume - perfect.expectedVolume,
      remainder: predicted - perfect.predictedVolume,
    };
  });
  if (rows.length === 0 || errors.length < rows.length) return null;
  const mean = (key: keyof TheoryBias): number => meanOf(errors, (one) => one[key]);
  return { realised: mean('realised'), expected: mean('expected'), remainder: mean('remainder') };
}

interface CellInput extends ArmInput {
  readonly metric: MetricName;
  readonly missingFolds: readonly number[];
  readonly meanReachableVolume: number | null;
}

function cellOf(input: CellInput): ResultsCell {
  const { arm, rows, losses, comparisons, decisions, metric, missingFolds, meanReachableVolume } = input;
  const { better, valueOf } = metrics[metric];
  const mean = meanOrNull(rows, valueOf);
  const zeroTest = better === 'zero' ? comparisons.againstZero(arm, metric) : undefined;
  const againstZero = zeroTest === undefined ? null : decisions.zeroTest(zeroTest);
  const otherLosses = losses.filter((loss) => loss !== arm.loss);
  const pairs = otherLosses.flatMap((reference): PairTest[] => {
    const test = comparisons.lossPair(arm, reference, metric);
    return test === undefined ? [] : [{ reference, mean: test.mean, ...decisions.meanTest(test) }];
  });
  return {
    mean,
    relativeBias: better === 'zero' ? quotient(mean, meanReachableVolume) : null,
    againstZero,
    pairs,
    mark: cellMark({
      ...{ better, mean, pairs, otherLosses, missingFolds },
      againstZero: metric === 'volumeError' && !yieldsProbabilities(arm.loss) ? null : againstZero,
    }),
  };
}

/** null if there are no rows. */
function meanOrNull(rows: readonly ReportedRow[], valueOf: (row: ReportedRow) => number): number | null {
  return rows.length === 0 ? null : meanOf(rows, valueOf);
}

/** null if either is missing or the divisor is 0. */
function quotient(dividend: number | null, divisor: number | null): number | null {
  return dividend === null || divisor === null || divisor === 0 ? null : dividend / divisor;
}
