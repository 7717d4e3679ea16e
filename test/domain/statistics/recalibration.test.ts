import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { recalibration } from '../../../domain/statistics/recalibration.js';
import { calibrationReferences } from '../../support/calibration-references.js';

const { cases, grouped } = calibrationReferences;

/** As the reference clips: at log-odds of ±16. */
function logOddsOf(probability: number): number {
  return Math.min(16, Math.max(-16, Math.log(probability / (1 - probability))));
}

function assertNear(found: number | undefined, wanted: number, what: string): void {
  assert.ok(
    Math.abs((found ?? NaN) - wanted) < 1e-7 * Math.max(1, Math.abs(wanted)),
    `${what}: ${found}, not ${wanted}`,
  );
}

describe('logistic recalibration', () => {
  it('agrees with SciPy on groups of voxels', () => {
    const found = recalibration(grouped.groups);
    assertNear(found?.intercept, grouped.intercept, 'intercept');
    assertNear(found?.slope, grouped.slope, 'slope');
  });

  for (const { name, truth, predicted, intercept, slope } of cases) {
    it(`agrees with SciPy on single voxels: ${name}`, () => {
      const voxels = Array.from(truth, (y, i) => ({ logOdds: logOddsOf(predicted[i] ?? NaN), voxels: 1, truth: y }));
      const found = recalibration(voxels);
      assertNear(found?.intercept, intercept, 'intercept');
      assertNear(found?.slope, slope, 'slope');
    });
  }

  it('of two groups goes through both of their log-odds', () => {
    // Shares of 1/4 and 3/4 have log-odds of ∓ln 3, predicted as ∓2 ln 3.
    const [low, high] = [-2 * Math.log(3), 2 * Math.log(3)];
    const found = recalibration([
      { logOdds: low, voxels: 4, truth: 1 },
      { logOdds: high, voxels: 8, truth: 6 },
    ]);
    assert.ok(Math.abs((found?.slope ?? NaN) - 0.5) < 1e-12 && Math.abs(found?.intercept ?? NaN) < 1e-12);
  });

  it('finds the slope of nearly separate voxels', () => {
    // Log-odds of ±ln(10⁶ − 1), predicted as ±1.
    const one = { logOdds: 1, voxels: 1e6, truth: 1e6 - 1 };
    const found = recalibration([{ logOdds: -1, voxels: 1e6, truth: 1 }, one]);
    assert.ok(Math.abs((found?.slope ?? NaN) - Math.log(1e6 - 1)) < 1e-6);
  });

  it('is undefined where the likelihood has no maximum', () => {
    const group = (logOdds: number, truth: number) => ({ logOdds, voxels: 2, truth });
    for (const groups of [
      [],
      [group(1, 1)],
      [group(-1, 0), group(1, 2)], // separate
      [group(-1, 2), group(1, 0)],
      [group(-1, 0), group(0, 1), group(1, 2)], // separate but for one log-odds
      [group(-1, 0), group(1, 0)], // no structure
      [group(-1, 2), group(1, 2)],
    ]) {
      assert.equal(recalibration(groups), undefined);
    }
  });
});
