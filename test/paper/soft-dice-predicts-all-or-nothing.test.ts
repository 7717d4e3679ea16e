import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { switchProbability } from '../../domain/theory/analysis/switch-probability.js';
import { symmetricOptimum } from '../../domain/theory/prediction/symmetric-case.js';
import { symmetricRisk } from '../support/theory/symmetric-risk.js';
import { probabilityArbitrary, symmetricArbitrary } from './support/arbitraries.js';

// "The location of the local minimum in p̂_β = [0, 1] switches from 0 to 1"; "Indeed, only for p_β = {0, 1} the predicted
// uncertainty p̂_β is exact." (2.2)

test('no prediction between 0 and 1 has a lower risk than the better of the two', () => {
  fc.assert(
    fc.property(symmetricArbitrary, probabilityArbitrary, (symmetric, prediction) => {
      const { risk, optimalPrediction } = symmetricOptimum(symmetric);
      assert.ok(symmetricRisk(symmetric, prediction) >= risk - 1e-14);
      assert.ok(optimalPrediction === 0 || optimalPrediction === 1);
    }),
    { numRuns: 500 },
  );
});

test('soft Dice leaves no bias if and only if the uncertain regions are certain', () => {
  fc.assert(
    fc.property(symmetricArbitrary, (symmetric) => {
      for (const probability of [0, 1]) {
        assert.equal(symmetricOptimum({ ...symmetric, probability }).volumeBias, 0);
      }
      const { probability } = symmetric;
      if (probability > 0 && probability < 1) assert.notEqual(symmetricOptimum(symmetric).volumeBias, 0);
    }),
  );
});

test('above the switch point all of the uncertain volume is predicted, below it none', () => {
  fc.assert(
    fc.property(symmetricArbitrary, (symmetric) => {
      const { optimalPrediction, volumeBias } = symmetricOptimum(symmetric);
      const switchesAt = switchProbability(symmetric);
      const { probability, uncertainVolume } = symmetric;
      fc.pre(Math.abs(probability - switchesAt) > 1e-9);
      assert.equal(optimalPrediction, probability > switchesAt ? 1 : 0);
      assert.equal(
        Math.sign(volumeBias),
        probability === 0 || probability === 1 ? 0 : probability > switchesAt ? 1 : -1,
      );
      assert.ok(Math.abs(volumeBias) <= uncertainVolume);
    }),
  );
});
