import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { curveCsv } from '../../../domain/training/curve-csv.js';
import { readCurve, thinned } from '../../../domain/training/read-curve.js';

describe('a learning curve that is read', () => {
  it('has the losses that were written', () => {
    const row = { validationLoss: 0.5, learningRate: 1e-3 };
    const text = curveCsv([
      { ...row, epoch: 1, trainingLoss: 0.7066424783446832 },
      { ...row, epoch: 2, trainingLoss: 1e-9 },
    ]);
    assert.deepEqual(readCurve(text), { trainingLoss: [0.7066424783446832, 1e-9], validationLoss: [0.5, 0.5] });
    assert.deepEqual(readCurve(curveCsv([])), { trainingLoss: [], validationLoss: [] });
  });

  it('is undefined for any other text', () => {
    const whole = curveCsv([{ epoch: 1, trainingLoss: 1, validationLoss: 1, learningRate: 1 }]);
    for (const text of ['', 'epoch,loss\n1,2\n', whole.slice(0, -4), whole.replace('\n1,', '\n2,')]) {
      assert.equal(readCurve(text), undefined, text);
    }
  });
});

describe('a curve of fewer points', () => {
  it('keeps the first and the last epoch, and at most so many', () => {
    const losses = Array.from({ length: 1000 }, (_, index) => 1 / (index + 1));
    const points = thinned(losses, 50);
    assert.equal(points.length, 50);
    assert.deepEqual(
      [points[0], points.at(-1)],
      [
        [1, 1],
        [1000, 1 / 1000],
      ],
    );
    for (const [epoch, loss] of points) assert.equal(loss, losses[epoch - 1]);
    assert.equal(new Set(points.map(([epoch]) => epoch)).size, 50);
  });

  it('is the curve itself if that has no more', () => {
    assert.deepEqual(thinned([3, 2], 50), [
      [1, 3],
      [2, 2],
    ]);
    assert.deepEqual(thinned([3], 50), [[1, 3]]);
    assert.deepEqual(thinned([], 50), []);
  });
});
