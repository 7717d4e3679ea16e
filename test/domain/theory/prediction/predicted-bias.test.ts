import assert from 'node:assert/strict';
import { test } from 'node:test';

import { predictedBias } from '../../../../domain/theory/prediction/predicted-bias.js';

test('the predicted bias of a phantom is 0 for cross-entropy and −U p or U (1 − p) for soft Dice', () => {
  const phantom = { coreVolume: 2, regionVolume: 0.5, regions: 4 };
  const ce = predictedBias({ ...phantom, loss: 'ce', probability: 0.3 });
  assert.equal(ce.volumeBias, 0);
  assert.equal(ce.optimalPrediction, 0.3);
  const low = predictedBias({ ...phantom, loss: 'sd', probability: 0.3 });
  assert.equal(low.optimalPrediction, 0);
  assert.ok(Math.abs(low.volumeBias + 0.6) < 1e-15);
  const high = predictedBias({ ...phantom, loss: 'sd', probability: 0.6 });
  assert.equal(high.optimalPrediction, 1);
  assert.ok(Math.abs(high.volumeBias - 0.8) < 1e-15);
  assert.equal(predictedBias({ ...phantom, coreVolume: 0, probability: 0, loss: 'sd' }).volumeBias, 0);
});
