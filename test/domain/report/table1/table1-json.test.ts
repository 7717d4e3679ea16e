import assert from 'node:assert/strict';
import { it } from 'node:test';
import { table1Json } from '../../../../domain/report/table1/table1-json.js';
import { someScores } from '../../../support/case-scores.js';
import { rules, tumourResults } from '../../results/tumours.js';

function scoresOf(meanOf: (value: number | null) => object): object {
  const entries = Object.entries({ ...someScores, dice: 0.75 });
  return Object.fromEntries(entries.map(([name, value]) => [name, meanOf(value)]));
}

it('table1Json has every mean in full precision, with tests and theory as they came', () => {
  const one = { dataSet: 'tumours', loss: 'sd', predictedVolume: 13, expectedVolume: 10.5 };
  const theory = ['a', 'b'].map((caseId) => ({ ...one, caseId }));
  const results = tumourResults({ theory });
  const json = JSON.parse(table1Json(results)) as Record<string, unknown>;
  assert.deepEqual(Object.keys(json), ['comparisons', 'rules', 'table', 'theory']);
  assert.deepEqual(json['comparisons'], results.source.comparisons);
  assert.deepEqual(json['rules'], { ...rules, equivalenceMargin: 0.05 });
  assert.deepEqual(json['theory'], theory);
  const { dataSets, grid } = json['table'] as {
    readonly grid: string;
    readonly dataSets: readonly { readonly arms: readonly object[] }[];
  };
  assert.equal(grid, 'native');
  const otherGrid = {
    meanTruthVolume: 8,
    meanUnpredictableVolume: 0,
    means: { crossEntropy: 0.5, softDiceScore: 0.25, volumeError: 4, volumeErrorThresholded: 2, dice: 0.5 },
  };
  // Both cases of an arm have predicted 12.5 of 10.
  const limit = { value: 2.5, interval: [2.5, 2.5] };
  const noCases = { cases: 0, meanVolumeError: null };
  const arm = {
    otherGrid,
    // Both cases have the same scores, and Dice 0.75.
    scores: scoresOf((value) => ({ mean: value, cases: 2 })),
    calibration: null,
    agreement: { standardDeviation: 0, lowerLimit: limit, upperLimit: limit, slope: null },
    // Two cases have bounds at round(2/3) and round(4/3): both at 1.
    terciles: [{ cases: 1, meanVolumeError: 2.5 }, noCases, { cases: 1, meanVolumeError: 2.5 }],
    cases: 2,
    participants: 2,
    meanTruthVolume: 10,
    meanUnpredictableVolume: 0,
    missingFolds: [],
  };
  const means = { crossEntropy: 0.25, softDiceScore: 0.5, volumeErrorThresholded: 1, dice: 0.75 };
  const none = { volumeError: null, volumeErrorThresholded: null };
  const outcome = (mark: string | null, equivalent: boolean): object => ({
    outcomes: { ...none, volumeError: { mark, adjustedPValue: null, equivalent } },
  });
  const gap = {
    ...arm,
    otherGrid: null,
    scores: scoresOf(() => ({ mean: null, cases: 0 })),
    agreement: null,
    terciles: [noCases, noCases, noCases],
    cases: 0,
    participants: 0,
    meanTruthVolume: null,
    meanUnpredictableVolume: null,
    missingFolds: [0, 1],
    means: null,
  };
  assert.deepEqual(dataSets[0]?.arms, [
    { ...arm, model: 'lr', loss: 'ce', means: { ...means, volumeError: 0.25 }, ...outcome(null, true) },
    {
      ...arm,
      model: 'lr',
      loss: 'sd',
      means: { ...means, volumeError: 276.4 },
      ...outcome('over', false),
      theoryBias: { realised: 3, expected: 2.5, remainder: -0.5 },
    },
    { ...arm, model: 'unet', loss: 'ce', means: { ...means, volumeError: -6.778 }, ...outcome('under', false) },
    { ...gap, model: 'unet', loss: 'sd', outcomes: none },
  ]);
});
