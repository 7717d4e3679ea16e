import assert from 'node:assert/strict';
import { it } from 'node:test';

import { lastImprovement } from '../../../domain/training/improvement.js';

it('the last improvement of a training is that of its last epoch on the best before', () => {
  const of = (...losses: number[]): number | null =>
    lastImprovement(losses.map((validationLoss) => ({ validationLoss })));
  assert.equal(of(8, 4, 6, 3), 0.25);
  assert.equal(of(8, 4, 6), 0);
  assert.equal(of(0, 0), 0);
  assert.equal(of(4, NaN), 0);
  assert.equal(of(4), null);
});
