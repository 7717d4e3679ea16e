import assert from 'node:assert/strict';
import { test } from 'node:test';

import { binomialLaw } from '../../../../domain/theory/prediction/binomial.js';
import { weightedSum } from '../../../../domain/theory/prediction/weighted-sum.js';
import { binomialExpectation, fraction, fractionOfDouble } from '../../../support/theory/exact-arithmetic.js';

test('binomial probabilities of 1024 regions agree with exact fractions to 1e-13 relative', () => {
  for (const p of [0.5, 0.3, 0.001, 0.9375]) {
    const { least, probabilities } = binomialLaw(1024, p);
    for (const k of [0, 1, 300, 307, 512, 960, 1024]) {
      const exact = binomialExpectation(1024, fractionOfDouble(p), (j) => fraction(j === BigInt(k) ? 1 : 0));
      // The reference carries twenty digits after the point, so only sizeable probabilities can be compared.
      if (exact < 1e-6) continue;
      const found = probabilities[k - least] ?? 0;
      assert.ok(Math.abs(found / exact - 1) < 1e-13, `p = ${p}, k = ${k}: ${found} against ${exact}`);
    }
  }
});

test('binomial probabilities sum to 1 and put all weight on one count when p is 0 or 1', () => {
  for (const n of [0, 1, 16, 4096]) {
    for (const p of [0, 0.2, 0.999, 1]) {
      assert.ok(Math.abs(weightedSum(binomialLaw(n, p).probabilities) - 1) < 1e-14);
    }
  }
  assert.deepEqual(binomialLaw(3, 0), { least: 0, probabilities: Float64Array.of(1) });
  assert.deepEqual(binomialLaw(3, 1), { least: 3, probabilities: Float64Array.of(1) });
});

test('a law of few regions has every count, one of a million only those that can matter', () => {
  assert.deepEqual(binomialLaw(2, 0.5), { least: 0, probabilities: Float64Array.of(0.25, 0.5, 0.25) });
  const { least, probabilities } = binomialLaw(1_000_000, 0.5);
  assert.equal(least, 1_000_000 - (least + probabilities.length - 1), 'symmetric about the mean');
  // P(K = k) / P(K = n / 2) ≈ exp(−2 (k − n / 2)² / n), which is 1e-40 at 6786 from the mean.
  assert.ok(Math.abs(probabilities.length / 2 - Math.sqrt((1_000_000 / 2) * 40 * Math.LN10)) < 2);
  // The first counts are kept however improbable: with p = 1e-200 all risk is in k = 1.
  assert.equal(binomialLaw(1_000_000, 1e-200).probabilities.length, 2);
  const variance = weightedSum(
    probabilities,
    probabilities.map((_, i) => (least + i - 500_000) ** 2),
  );
  assert.ok(Math.abs(variance / 250_000 - 1) < 1e-9);
});

test('a probability outside [0, 1] and a count that is not whole are refused', () => {
  for (const [n, p] of [
    [4, -0.1],
    [4, 1.1],
    [4, NaN],
    [-1, 0.5],
    [1.5, 0.5],
  ] as const) {
    assert.throws(() => binomialLaw(n, p), { code: 'ARGUMENT_INVALID' });
  }
});

test('a compensated sum keeps what plain addition loses', () => {
  assert.equal(weightedSum([1, 1e100, 1, -1e100]), 2);
  assert.equal(weightedSum([1, 5e99, 1, -1e100], [1, 2, 1, 1]), 2);
  assert.equal(weightedSum([]), 0);
});
