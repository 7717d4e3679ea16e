import type { ReportedRow } from '../../../domain/evaluate/evaluation-row.js';
import { resultsOf } from '../../../domain/results/results-of.js';
import type { PreparedDataSet, ResultsInput } from '../../../domain/results/results-input.js';
import type { Results } from '../../../domain/results/results.js';
import type { TestRules } from '../../../domain/results/test-rules.js';
import type { Comparison } from '../../../domain/statistics/compare-losses.js';
import { someScores } from '../../support/case-scores.js';

export const tumours: PreparedDataSet = { name: 'tumours', unit: 'ml', cases: 2, participants: 2, quality: [] };

/** The metrics of every row on the working grid. */
const otherGrid: ReportedRow['otherGrid'] = {
  crossEntropy: 0.5,
  softDiceScore: 0.25,
  dice: 0.5,
  unit: 'ml',
  truthVolume: 8,
  unpredictableVolume: 0,
  predictedVolume: 12,
  predictedVolumeThresholded: 10,
  volumeError: 4,
};

export function row(changes: Partial<ReportedRow>): ReportedRow {
  return {
    dataSet: 'tumours',
    caseId: 'a',
    participant: 'a',
    fold: 0,
    model: 'lr',
    loss: 'ce',
    crossEntropy: 0.25,
    softDiceScore: 0.5,
    dice: 0.75,
    unit: 'ml',
    truthVolume: 10,
    unpredictableVolume: 0,
    predictedVolume: 12.5,
    predictedVolumeThresholded: 11,
    volumeError: 2.5,
    grid: 'native',
    otherGrid,
    predictedVolumeOutside: 0.125,
    scores: someScores,
    ...changes,
  };
}

const arms = [
  ['lr', 'ce', 0.25],
  ['lr', 'sd', 276.4],
  ['unet', 'ce', -6.778],
] as const;
const rows = arms.flatMap(([model, loss, volumeError]) => [
  row({ model, loss, volumeError }),
  row({ model, loss, volumeError, caseId: 'b', participant: 'b', fold: 1 }),
]);

const answer = { cases: 12, groups: 12, dataSet: 'tumours', equivalence: null };
const zero = { ...answer, kind: 'againstZero', metric: 'volumeError' } as const;
const pair = { ...answer, kind: 'lossPair', model: 'lr', loss: 'sd', reference: 'ce', mean: 0.1 } as const;

/** Answers of both tests: their p-values, and intervals that tell them apart. */
const both = (
  conditional: number,
  includingTraining: number,
): Pick<Comparison, 'conditional' | 'includingTraining'> => ({
  conditional: { pValue: conditional, interval: [1, 2] },
  includingTraining: { pValue: includingTraining, interval: [0.5, 2.5], folds: 2, degreesOfFreedom: 1 },
});
const equivalence = (pValue: number): Pick<Comparison, 'equivalence'> => ({
  equivalence: { margin: 0.5, pValue, interval: [0.6, 2.4] },
});

export const tumourComparisons: readonly Comparison[] = [
  { ...zero, model: 'lr', loss: 'sd', mean: 276.4, ...both(0.001, 0.03), ...equivalence(0.9) },
  { ...zero, model: 'unet', loss: 'ce', mean: -6.778, ...both(0.01, 0.2), ...equivalence(0.6) },
  { ...zero, model: 'lr', loss: 'ce', mean: 0.25, ...both(0.4, 0.6), ...equivalence(0.01) },
  { ...pair, metric: 'crossEntropy', ...both(0.01, 0.04) },
  { ...pair, metric: 'dice', ...both(0.01, 0.3) },
];

export const rules: TestRules = { decides: 'conditional', correction: 'none', significance: 0.05 };

/** Two cases, two models, two losses and two folds; U-Net with soft Dice has no results. */
export function tumourResults(changes: Partial<ResultsInput> = {}): Results {
  return resultsOf({
    dataSets: [tumours],
    models: ['lr', 'unet'],
    losses: ['ce', 'sd'],
    folds: [0, 1],
    repeats: 1,
    rows,
    reliabilities: [],
    grid: 'native',
    comparisons: tumourComparisons,
    rules,
    equivalenceMargin: 0.05,
    theory: [],
    gaps: [],
    thresholdsMl: [],
    collapses: [],
    endings: [],
    ...changes,
  });
}
