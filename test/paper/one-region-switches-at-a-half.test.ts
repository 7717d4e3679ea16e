import assert from 'node:assert/strict';
import { test } from 'node:test';

import { switchProbability } from '../../domain/theory/analysis/switch-probability.js';
import { symmetricOptimum } from '../../domain/theory/prediction/symmetric-case.js';
import { symmetricRisk } from '../support/theory/symmetric-risk.js';

// "The location of the local minimum switches from 0 to 1 when p_β = 0.5 … The resulting volumetric bias will be highest
// when the inherent uncertainty p_β = 0.5 … the error on the estimated uncertainty is not influenced by μ." (Fig. 1 A)

const ratios = [0.01, 0.25, 1, 4, 100];
const oneRegion = (uncertainVolume: number) => ({ coreVolume: 1, uncertainVolume, regions: 1 });

test('one uncertain region switches at one half whatever its volume', () => {
  for (const mu of ratios) assert.ok(Math.abs(switchProbability(oneRegion(mu)) - 0.5) < 1e-12);
});

test('with one region the bias is largest next to one half', () => {
  for (const mu of ratios) {
    const biases = Array.from({ length: 101 }, (_, i) =>
      Math.abs(symmetricOptimum({ ...oneRegion(mu), probability: i / 100 }).volumeBias),
    );
    assert.equal(biases.indexOf(Math.max(...biases)), 50);
    assert.ok(Math.abs((biases[50] as number) - mu / 2) < 1e-12);
  }
});

test('with one region the error of the prediction does not depend on the volume ratio', () => {
  for (const probability of [0.1, 0.49, 0.51, 0.8]) {
    const errors = ratios.map(
      (mu) => symmetricOptimum({ ...oneRegion(mu), probability }).optimalPrediction - probability,
    );
    assert.equal(new Set(errors).size, 1);
  }
});

test('the loss of the mean truth, unlike the mean of the loss, would switch elsewhere', () => {
  // μ = 4, p = 0.4: Eq. 6 with p for the truth prefers p̂ = 1, the expectation of Eq. 12 prefers p̂ = 0.
  const [mu, p] = [4, 0.4];
  const lossOfMean = (q: number): number => 1 - (2 * (mu * p * q + 1)) / (mu * p + 1 + mu * q + 1);
  const meanOfLoss = (q: number): number => symmetricRisk({ ...oneRegion(mu), probability: p }, q);
  assert.ok(lossOfMean(1) < lossOfMean(0));
  assert.ok(meanOfLoss(0) < meanOfLoss(1));
});
