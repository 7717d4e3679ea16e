import assert from 'node:assert/strict';
import { it } from 'node:test';
import { table1Json } from '../../../../domain/report/table1/table1-json.js';
import { tumourResults } from '../../results/tumours.js';

it('table1Json has every mean in full precision, with tests and theory as they came', () => {
  const theory = [{ dataSet: 'tumours', loss: 'sd', predictedBias: 0.1 + 0.2, unit: 'ml' as const }];
  const results = tumourResults({ theory });
  const json = JSON.parse(table1Json(results)) as Record<string, unknown>;
  assert.deepEqual(Object.keys(json), ['comparisons', 'table', 'theory']);
  assert.deepEqual(json['comparisons'], results.source.comparisons);
  assert.deepEqual(json['theory'], theory);
  const { dataSets, grid } = json['table'] as {
    readonly grid: string;
    readonly dataSets: readonly { readonly arms: readonly object[] }[];
  };
  assert.equal(grid, 'native');
  const otherGrid = {
    meanTruthVolume: 8,
    means: { crossEntropy: 0.5, softDiceScore: 0.25, volumeError: 4, volumeErrorThresholded: 2, dice: 0.5 },
  };
  const arm = { otherGrid, cases: 2, participants: 2, meanTruthVolume: 10, missingFolds: [] };
  const means = { crossEntropy: 0.25, softDiceScore: 0.5, volumeErrorThresholded: 1, dice: 0.75 };
  const gap = {
    ...arm,
    otherGrid: null,
    cases: 0,
    participants: 0,
    meanTruthVolume: null,
    missingFolds: [0, 1],
    means: null,
  };
  assert.deepEqual(dataSets[0]?.arms, [
    { ...arm, model: 'lr', loss: 'ce', means: { ...means, volumeError: 0.25 } },
    { ...arm, model: 'lr', loss: 'sd', means: { ...means, volumeError: 276.4 } },
    { ...arm, model: 'unet', loss: 'ce', means: { ...means, volumeError: -6.778 } },
    { ...gap, model: 'unet', loss: 'sd' },
  ]);
});
