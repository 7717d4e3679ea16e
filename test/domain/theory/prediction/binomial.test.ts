import assert from 'node:assert/strict';
import { test } from 'node:test';

import { binomialProbabilities } from '../../../../domain/theory/prediction/binomial.js';
import { weightedSum } from '../../../../domain/theory/prediction/weighted-sum.js';
import { binomialExpectation, fraction, fractionOfDouble } from '../../../support/theory/exact-arithmetic.js';

test('binomial probabilities of 1024 regions agree with exact fractions to 1e-13 relative', () => {
  for (const p of [0.5, 0.3, 0.001, 0.9375]) {
    const law = binomialProbabilities(1024, p);
    for (const k of [0, 1, 300, 307, 512, 960, 1024]) {
      const exact = binomialExpectation(1024, fractionOfDouble(p), (j) => fraction(j === BigInt(k) ? 1 : 0));
      // The reference carries twenty digits after the point, so only sizeable probabilities can be compared.
      if (exact < 1e-6) continue;
      assert.ok(Math.abs((law[k] as number) / exact - 1) < 1e-13, `p = ${p}, k = ${k}: ${law[k]} against ${exact}`);
    }
  }
});

test('binomial probabilities sum to 1 and put all weight on one count when p is 0 or 1', () => {
  for (const n of [0, 1, 16, 4096]) {
    for (const p of [0, 0.2, 0.999, 1]) {
      assert.ok(Math.abs(weightedSum(binomialProbabilities(n, p)) - 1) < 1e-14);
    }
  }
  assert.deepEqual([...binomialProbabilities(3, 0)], [1, 0, 0, 0]);
  assert.deepEqual([...binomialProbabilities(3, 1)], [0, 0, 0, 1]);
});

test('a probability outside [0, 1] and a count that is not whole are refused', () => {
  for (const [n, p] of [
    [4, -0.1],
    [4, 1.1],
    [4, NaN],
    [-1, 0.5],
    [1.5, 0.5],
  ] as const) {
    assert.throws(() => binomialProbabilities(n, p), { code: 'ARGUMENT_INVALID' });
  }
});

test('a compensated sum keeps what plain addition loses', () => {
  assert.equal(weightedSum([1, 1e100, 1, -1e100]), 2);
  assert.equal(weightedSum([1, 5e99, 1, -1e100], [1, 2, 1, 1]), 2);
  assert.equal(weightedSum([]), 0);
});
