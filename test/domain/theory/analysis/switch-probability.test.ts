import assert from 'node:assert/strict';
import { test } from 'node:test';

import { switchProbability, switchProbabilityLimit } from '../../../../domain/theory/analysis/switch-probability.js';
import { fraction, fractionOfDouble } from '../../../support/theory/exact-arithmetic.js';
import { exactRisk } from '../../../support/theory/exact-risk.js';

const ratios = [0.25, 1, 4];

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
