import assert from 'node:assert/strict';
import test from 'node:test';

import { collapseOf } from '../../../domain/training/collapse.js';
import type { HistoryRow, PredictionRange } from '../../../domain/training/training-progress.js';

const varied: PredictionRange = [0.1, 0.9];
const constant: PredictionRange = [0.2, 0.2009];

function history(...ranges: (PredictionRange | undefined)[]): HistoryRow[] {
  return ranges.map((predictionRange, index) => ({
    epoch: index + 1,
    trainingLoss: 1,
    validationLoss: 1,
    learningRate: 1,
    ...(predictionRange !== undefined && { predictionRange }),
  }));
}

test('a training whose best network predicts one probability everywhere has collapsed, whatever came after', () => {
  assert.deepEqual(collapseOf(history(varied, constant, constant, varied), 3), { kept: true, sinceEpoch: 2 });
  assert.deepEqual(collapseOf(history(constant), 1), { kept: true, sinceEpoch: 1 });
});

test('so has one in which every network after the best does', () => {
  assert.deepEqual(collapseOf(history(varied, constant, constant), 1), { kept: false, sinceEpoch: 2 });
});

test('one that recovered has not, nor one that collapsed long after its best epoch, nor one that ended with it', () => {
  assert.equal(collapseOf(history(varied, constant, varied), 1), undefined);
  assert.equal(collapseOf(history(varied, varied, constant), 1), undefined);
  assert.equal(collapseOf(history(constant, varied), 2), undefined);
});

test('probabilities are the same within 0.001; a range that was not recorded tells nothing', () => {
  assert.equal(collapseOf(history([0, 0.0011]), 1), undefined);
  assert.deepEqual(collapseOf(history([0, 0.001]), 1), { kept: true, sinceEpoch: 1 });
  assert.equal(collapseOf(history(undefined, undefined), 1), undefined);
});
