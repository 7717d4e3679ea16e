import { describe, it } from 'node:test';
import assert from 'node:assert/strict';

import { normalCdf, normalQuantile } from '../../../../domain/statistics/distributions/normal.js';
import { studentCdf, studentQuantile, studentTwoSided } from '../../../../domain/statistics/distributions/student-t.js';
import { assertEqualNumber, reference } from '../support/tests-fixture.js';

describe("Student's t distribution", () => {
  it('agrees with SciPy to 12 digits in both tails and in the middle, for whole and fractional degrees of freedom', () => {
    for (const [t, df, expected] of reference.student.cdf)
      assertEqualNumber(studentCdf(t, df), expected, `${t}, ${df}`);
    for (const [t, df, expected] of reference.student.twoSided)
      assertEqualNumber(studentTwoSided(t, df), expected, `${t}, ${df}`);
    for (const [p, df, expected] of reference.student.quantile)
      assertEqualNumber(studentQuantile(p, df), expected, `${p}, ${df}`);
  });

  it('has no mass beyond infinity', () => {
    assert.deepEqual([studentTwoSided(Infinity, 4), studentCdf(-Infinity, 4), studentCdf(Infinity, 4)], [0, 0, 1]);
  });
});

describe('the standard normal distribution', () => {
  it('agrees with SciPy to 12 digits, far out too', () => {
    for (const [z, expected] of reference.normal.cdf) assertEqualNumber(normalCdf(z), expected, `Φ(${z})`);
    for (const [p, expected] of reference.normal.quantile) assertEqualNumber(normalQuantile(p), expected, `Φ⁻¹(${p})`);
    assert.deepEqual([normalQuantile(0), normalQuantile(1)], [-Infinity, Infinity]);
  });
});
