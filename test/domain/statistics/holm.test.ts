import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { holmAdjusted } from '../../../domain/statistics/holm.js';
import { assertEqualNumber, reference } from './support/tests-fixture.js';

describe('holmAdjusted', () => {
  it('agrees with statsmodels, with ties and with adjusted values above 1', () => {
    for (const { pValues, adjusted } of reference.holm) {
      const result = holmAdjusted(pValues);
      assert.equal(result.length, adjusted.length);
      result.forEach((value, i) => {
        assertEqualNumber(value, adjusted[i] ?? NaN, `${String(pValues)} at ${String(i)}`);
      });
    }
    assert.deepEqual(holmAdjusted([]), []);
  });
});
