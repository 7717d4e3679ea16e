import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { exactLaw } from '../../domain/theory/analysis/laws/exact-law.js';
import { expectedTruthVolume, predictedVolume } from '../../domain/theory/analysis/laws/outcome-law.js';
import { crossEntropyLoss } from '../../domain/theory/analysis/losses/cross-entropy.js';
import { probabilityArbitrary, regionsArbitrary } from './support/arbitraries.js';

// "First order conditions w.r.t. p̂_j give the optimal value p̂_j = p_j … CE becomes an unbiased volume estimator." (2.2)

test('the risk of cross-entropy is least where each prediction is the probability', () => {
  fc.assert(
    fc.property(regionsArbitrary, fc.array(probabilityArbitrary, { minLength: 6, maxLength: 6 }), (regions, others) => {
      const law = exactLaw(regions);
      const { predictions, risk } = crossEntropyLoss.minimise(law);
      assert.deepEqual(predictions, law.groupProbabilities);
      const other = Float64Array.from(predictions, (_, g) => others[g] as number);
      assert.ok(crossEntropyLoss.risk(law, other) >= risk - 1e-15);
    }),
  );
});

test('cross-entropy’s minimiser has the volume of the truth', () => {
  fc.assert(
    fc.property(regionsArbitrary, (regions) => {
      const law = exactLaw(regions);
      assert.equal(predictedVolume(law, crossEntropyLoss.minimise(law).predictions), expectedTruthVolume(law));
    }),
  );
});
