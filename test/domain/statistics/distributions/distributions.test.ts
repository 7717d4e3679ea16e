import { describe, it } from 'node:test';
import assert from 'node:assert/strict';

import { normalCdf, normalQuantile } from '../../../../domain/statistics/distributions/normal.js';
import {
  mixtureCdf,
  mixtureQuantile,
  mixtureTwoSided,
  type StudentMixture,
} from '../../../../domain/statistics/distributions/student-mixture.js';
import { assertEqualNumber, reference } from '../support/tests-fixture.js';

const only = (degreesOfFreedom: number): StudentMixture => [{ share: 1, degreesOfFreedom }];

describe("Student's t distribution", () => {
  it('agrees with SciPy to 12 digits in both tails and in the middle, for whole and fractional degrees of freedom', () => {
    for (const [t, df, expected] of reference.student.cdf)
      assertEqualNumber(mixtureCdf(t, only(df)), expected, `${t}, ${df}`);
    for (const [t, df, expected] of reference.student.twoSided)
      assertEqualNumber(mixtureTwoSided(t, only(df)), expected, `${t}, ${df}`);
    for (const [p, df, expected] of reference.student.quantile)
      assertEqualNumber(mixtureQuantile(p, only(df)), expected, `${p}, ${df}`);
  });

  it('has no mass beyond infinity', () => {
    assert.equal(mixtureTwoSided(Infinity, only(4)), 0);
    assert.deepEqual([mixtureCdf(-Infinity, only(4)), mixtureCdf(Infinity, only(4))], [0, 1]);
  });

  it('mixes probabilities by their shares, and its quantile undoes the mixture', () => {
    const mixture = [...only(4), ...only(99)].map((part) => ({ ...part, share: 0.5 }));
    const mean = (mixtureCdf(-2.776, only(4)) + mixtureCdf(-2.776, only(99))) / 2;
    assertEqualNumber(mixtureCdf(-2.776, mixture), mean, 'P');
    assertEqualNumber(mixtureQuantile(mean, mixture), -2.776, 'quantile');
  });
});

describe('the standard normal distribution', () => {
  it('agrees with SciPy to 12 digits, far out too', () => {
    for (const [z, expected] of reference.normal.cdf) assertEqualNumber(normalCdf(z), expected, `Φ(${z})`);
    for (const [p, expected] of reference.normal.quantile) assertEqualNumber(normalQuantile(p), expected, `Φ⁻¹(${p})`);
    assert.deepEqual([normalQuantile(0), normalQuantile(1)], [-Infinity, Infinity]);
  });
});
