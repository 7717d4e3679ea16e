import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { exactLaw } from '../../../domain/theory/laws/exact-law.js';
import { softDice } from '../../../domain/theory/losses/ratio-loss.js';
import { predictedBias } from '../../../domain/theory/predicted-bias.js';
import { separateRegions } from '../../../domain/theory/loss-curves.js';
import {
  paperRegions,
  switchProbability,
  switchProbabilityLimit,
  symmetricOptimum,
  symmetricSoftDiceRisk,
} from '../../../domain/theory/symmetric-case.js';
import { binomialExpectation, fraction, fractionOfDouble, type Fraction } from './support/exact-arithmetic.js';

const ratios = [0.25, 1, 4];

/** p̂ and μ as fractions; μ = muTimes4 / 4. Loss (p̂ (μ − b) + (1 − p̂) b) / (2 + p̂ μ + b) with b = μ k / N. */
function exactRisk(n: number, muTimes4: number, p: Fraction, prediction: Fraction): number {
  return binomialExpectation(n, p, (k) => {
    const { numerator: qa, denominator: qb } = prediction;
    const [mu, unit, count] = [BigInt(muTimes4), 4n, BigInt(n)];
    // Everything over qb · unit · count.
    const present = mu * k;
    const all = mu * count;
    return {
      numerator: qa * (all - present) + (qb - qa) * present,
      denominator: 2n * qb * unit * count + qa * all + qb * present,
    };
  });
}

test('the risk of 1, 16, 64 and 1024 regions agrees with exact fractions to 1e-14', () => {
  for (const n of [1, 16, 64, 1024]) {
    for (const muTimes4 of [1, 4, 16]) {
      for (const [p, prediction] of [
        [0.25, 0],
        [0.75, 0.5],
        [0.5, 1],
        [0.3, 0.375],
      ] as const) {
        const found = symmetricSoftDiceRisk(
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

test('p* lies within 1e-12 of where exact fractions say that the better corner changes', () => {
  for (const n of [1, 4, 16, 1024]) {
    for (const muTimes4 of [1, 4, 16]) {
      const found = switchProbability({ coreVolume: 1, uncertainVolume: muTimes4 / 4, regions: n });
      const gain = (p: number): number =>
        exactRisk(n, muTimes4, fractionOfDouble(p), fraction(0)) -
        exactRisk(n, muTimes4, fractionOfDouble(p), fraction(1));
      assert.ok(gain(found - 1e-12) < 0 && gain(found + 1e-12) > 0, `N = ${n}, μ = ${muTimes4 / 4}: ${found}`);
    }
  }
});

test('p* of two regions is the root of its quadratic', () => {
  for (const mu of ratios) {
    const psi = (x: number): number => (2 * x + mu * x * x - 1) / ((2 + mu + mu * x) * (2 + mu * x));
    const [none, one, two] = [psi(0), psi(0.5), psi(1)];
    // (1 − p)² none + 2 p (1 − p) one + p² two = 0.
    const [a, b] = [none - 2 * one + two, 2 * (one - none)];
    const root = (-b + Math.sqrt(b * b - 4 * a * none)) / (2 * a);
    assert.ok(Math.abs(switchProbability({ coreVolume: 1, uncertainVolume: mu, regions: 2 }) - root) < 1e-12);
  }
});

test('p* goes to (√(1 + μ) − 1) / μ as regions grow in number', () => {
  for (const mu of ratios) {
    const limit = switchProbabilityLimit(mu);
    assert.ok(Math.abs(limit - (Math.sqrt(1 + mu) - 1) / mu) < 1e-15);
    const off = [64, 256, 1024].map(
      (regions) => switchProbability({ coreVolume: 1, uncertainVolume: mu, regions }) - limit,
    );
    // The distance falls as 1 / N.
    off.slice(1).forEach((distance, i) => assert.ok(Math.abs((off[i] as number) / distance - 4) < 0.1));
  }
});

test('p* of 1024 regions is found in under 50 ms', () => {
  switchProbability({ coreVolume: 1, uncertainVolume: 4, regions: 1024 });
  const start = performance.now();
  switchProbability({ coreVolume: 1, uncertainVolume: 1, regions: 1024 });
  assert.ok(performance.now() - start < 50);
});

test('p* depends on volumes by their ratio alone, and without a core one region still switches at a half', () => {
  const one = switchProbability({ coreVolume: 1, uncertainVolume: 4, regions: 4 });
  assert.ok(Math.abs(switchProbability({ coreVolume: 1e-9, uncertainVolume: 4e-9, regions: 4 }) - one) < 1e-14);
  assert.ok(Math.abs(switchProbability({ coreVolume: 0, uncertainVolume: 3, regions: 1 }) - 0.5) < 1e-14);
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
    const alike = symmetricSoftDiceRisk({ coreVolume: 1, uncertainVolume: mu, regions: n, probability: p }, m / n);
    assert.ok(Math.abs(softDice().risk(separate, q) - alike) < 1e-14);
  }
});

test('at p* itself the smaller prediction is given', () => {
  const optimum = symmetricOptimum({ coreVolume: 1, uncertainVolume: 1, regions: 1, probability: 0.5 });
  assert.equal(optimum.optimalPrediction, 0);
  assert.equal(optimum.volumeBias, -0.5);
});

test('the predicted bias of a phantom is 0 for cross-entropy and −U p or U (1 − p) for soft Dice', () => {
  const phantom = { coreVolume: 2, regionVolume: 0.5, regions: 4 };
  const ce = predictedBias({ ...phantom, loss: 'ce', probability: 0.3 });
  assert.equal(ce.volumeBias, 0);
  assert.equal(ce.optimalPrediction, 0.3);
  const low = predictedBias({ ...phantom, loss: 'sd', probability: 0.3 });
  assert.equal(low.optimalPrediction, 0);
  assert.ok(Math.abs(low.volumeBias + 0.6) < 1e-15 && Math.abs((low.relativeBias as number) + 0.6 / 2.6) < 1e-15);
  const high = predictedBias({ ...phantom, loss: 'sd', probability: 0.6 });
  assert.equal(high.optimalPrediction, 1);
  assert.ok(Math.abs(high.volumeBias - 0.8) < 1e-15);
  assert.equal(predictedBias({ ...phantom, coreVolume: 0, probability: 0, loss: 'sd' }).relativeBias, null);
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
    assert.throws(() => switchProbability({ ...good, ...wrong }), { code: 'ARGUMENT_INVALID' });
  }
  assert.throws(() => symmetricOptimum({ ...good, probability: 1.5 }), /probability/);
});
