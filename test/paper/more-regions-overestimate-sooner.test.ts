import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { switchProbability, switchProbabilityLimit } from '../../domain/theory/analysis/switch-probability.js';
import { symmetricOptimum } from '../../domain/theory/prediction/symmetric-case.js';

// "First, the uncertainty p_β for which under- or overestimation will happen decreases. Second, this effect is
// proportional with μ and the maximal error on the predicted uncertainty becomes higher. Third, there is a trend towards
// easier volumetric overestimation and with the maximal error being more pronounced when the number of regions
// increases." (Fig. 1 A4, B4, C4)

const ratio = fc.double({ min: 0.05, max: 50, noNaN: true });
const count = fc.integer({ min: 1, max: 40 });
const switchAt = (uncertainVolume: number, regions: number): number =>
  switchProbability({ coreVolume: 1, uncertainVolume, regions });

test('the switch point falls with the number of regions, towards its limit', () => {
  fc.assert(
    fc.property(ratio, count, fc.integer({ min: 1, max: 40 }), (mu, regions, more) => {
      const [few, many] = [switchAt(mu, regions), switchAt(mu, regions + more)];
      assert.ok(many < few, `${many} at N = ${regions + more}, ${few} at N = ${regions}`);
      assert.ok(many > switchProbabilityLimit(mu));
    }),
  );
});

test('with two regions or more the switch point falls with the volume ratio', () => {
  fc.assert(
    fc.property(
      ratio,
      fc.double({ min: 1.01, max: 10, noNaN: true }),
      fc.integer({ min: 2, max: 40 }),
      (mu, factor, regions) => {
        assert.ok(switchAt(mu * factor, regions) < switchAt(mu, regions));
      },
    ),
  );
});

test('the largest overestimation, and the largest error of the prediction, grow with regions and ratio', () => {
  // Just above the switch point the prediction is 1: the error is 1 − p*, the bias μ (1 − p*).
  const largestError = (mu: number, regions: number): number => {
    const probability = switchAt(mu, regions) + 1e-9;
    const { optimalPrediction } = symmetricOptimum({ coreVolume: 1, uncertainVolume: mu, regions, probability });
    return optimalPrediction - probability;
  };
  for (const regions of [1, 4, 16]) {
    const errors = [0.25, 1, 4].map((mu) => largestError(mu, regions));
    if (regions > 1)
      assert.deepEqual(
        errors,
        [...errors].sort((a, b) => a - b),
      );
  }
  for (const mu of [0.25, 1, 4]) {
    const errors = [1, 4, 16].map((regions) => largestError(mu, regions));
    assert.deepEqual(
      errors,
      [...errors].sort((a, b) => a - b),
    );
    assert.ok((errors[2] as number) > (errors[0] as number) + 0.02);
  }
});

test('some probability below one half is overestimated as soon as there are two regions', () => {
  for (const regions of [2, 4, 16]) {
    for (const mu of [0.25, 1, 4]) {
      const probability = (switchAt(mu, regions) + 0.5) / 2;
      assert.ok(probability < 0.5);
      assert.ok(symmetricOptimum({ coreVolume: 1, uncertainVolume: mu, regions, probability }).volumeBias > 0);
    }
  }
});
