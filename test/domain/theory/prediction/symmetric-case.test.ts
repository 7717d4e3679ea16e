import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { exactLaw } from '../../../../domain/theory/analysis/laws/exact-law.js';
import { softDice } from '../../../../domain/theory/analysis/losses/ratio-loss.js';
import { paperRegions, separateRegions } from '../../../../domain/theory/analysis/region.js';
import { switchProbability } from '../../../../domain/theory/analysis/switch-probability.js';
import { symmetricOptimum } from '../../../../domain/theory/prediction/symmetric-case.js';
import { fractionOfDouble } from '../../../support/theory/exact-arithmetic.js';
import { exactRisk } from '../../../support/theory/exact-risk.js';
import { symmetricRisk } from '../../../support/theory/symmetric-risk.js';

test('the risk of 1, 16, 64 and 1024 regions agrees with exact fractions to 1e-14', () => {
  for (const n of [1, 16, 64, 1024]) {
    for (const muTimes4 of [1, 4, 16]) {
      for (const [p, prediction] of [
        [0.25, 0],
        [0.75, 0.5],
        [0.5, 1],
        [0.3, 0.375],
      ] as const) {
        const found = symmetricRisk(
          { coreVolume: 1, uncertainVolume: muTimes4 / 4, regions: n, probability: p },
          prediction,
        );
        const exact = exactRisk(n, muTimes4, fractionOfDouble(p), fractionOfDouble(prediction));
        assert.ok(
          Math.abs(found - exact) < 1e-14,
          `N = ${n}, μ = ${muTimes4 / 4}, p = ${p}: ${found} against ${exact}`,
        );
      }
    }
  }
});

test('the optimum agrees with the general minimiser over any prediction, alike regions each free', () => {
  const symmetric = fc.record({
    mu: fc.double({ min: 0.05, max: 20, noNaN: true }),
    n: fc.integer({ min: 1, max: 6 }),
    p: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
  });
  fc.assert(
    fc.property(symmetric, ({ mu, n, p }) => {
      const optimum = symmetricOptimum({ coreVolume: 1, uncertainVolume: mu, regions: n, probability: p });
      const separate = softDice().minimise(exactLaw(separateRegions(mu, n, () => p)));
      assert.ok(separate.certified);
      assert.ok(Math.abs(separate.risk - optimum.risk) < 1e-12, 'all-equal is never beaten');
      assert.ok(Math.abs(softDice().minimise(exactLaw(paperRegions(mu, n, p))).risk - optimum.risk) < 1e-12);
    }),
    { numRuns: 80 },
  );
});

test('predicting m of N alike regions has the risk of predicting all with m / N', () => {
  const [mu, n, p] = [4, 4, 0.35];
  const separate = exactLaw(separateRegions(mu, n, () => p));
  for (let m = 0; m <= n; m++) {
    const q = Float64Array.from([...Array.from({ length: n }, (_, j) => (j < m ? 1 : 0)), 1, 0]);
    const alike = symmetricRisk({ coreVolume: 1, uncertainVolume: mu, regions: n, probability: p }, m / n);
    assert.ok(Math.abs(softDice().risk(separate, q) - alike) < 1e-14);
  }
});

test('at p* itself the smaller prediction is given', () => {
  const optimum = symmetricOptimum({ coreVolume: 1, uncertainVolume: 1, regions: 1, probability: 0.5 });
  assert.equal(optimum.optimalPrediction, 0);
  assert.equal(optimum.volumeBias, -0.5);
});

test('impossible geometries are refused by name', () => {
  const good = { coreVolume: 1, uncertainVolume: 1, regions: 1 };
  for (const wrong of [
    { coreVolume: -1 },
    { uncertainVolume: Infinity },
    { uncertainVolume: NaN },
    { regions: 0 },
    { regions: 1.5 },
    { coreVolume: 0, uncertainVolume: 0 },
  ]) {
    const geometry = { ...good, ...wrong };
    assert.throws(() => symmetricOptimum({ ...geometry, probability: 0.5 }), { code: 'ARGUMENT_INVALID' });
    assert.throws(() => switchProbability(geometry), { code: 'ARGUMENT_INVALID' });
  }
  assert.throws(() => symmetricOptimum({ ...good, probability: 1.5 }), /probability/);
});
