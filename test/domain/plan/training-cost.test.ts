import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { mostTrainingSeconds } from '../../../domain/plan/training-cost.js';

const pace = { stepSeconds: 2, validationSeconds: 0.5 };
const extent = { trainings: 10, cases: 100, folds: 5, batchSize: 1, maxEpochs: 3 };

describe('the time of trainings', () => {
  it('is that of all epochs over training and validation cases', () => {
    // 80 training cases of 2 s and 20 held-out cases of 0.5 s are 170 s an epoch.
    assert.equal(mostTrainingSeconds({ ...extent, innerValidation: false }, pace), 10 * 3 * 170);
    // A fifth of 80 validates: 64 of 2 s and 16 of 0.5 s are 136 s.
    assert.equal(mostTrainingSeconds({ ...extent, innerValidation: true }, pace), 10 * 3 * 136);
  });

  it('counts batches, the last of which may be smaller', () => {
    // 80 cases in batches of 3 are 27 batches.
    assert.equal(mostTrainingSeconds({ ...extent, batchSize: 3, innerValidation: false }, pace), 10 * 3 * (54 + 10));
  });
});
