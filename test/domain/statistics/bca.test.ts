import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { randomStream, type RandomStream } from '../../../domain/random/random-stream.js';
import { bcaCorrection, bcaProbability, bcaTail } from '../../../domain/statistics/bca.js';
import { bootstrapOfOne } from './support/bootstrap-of-one.js';
import { assertEqualNumber, reference } from './support/tests-fixture.js';

/** A stream that replays the given numbers as `integerBelow`. */
function replay(numbers: readonly number[]): RandomStream {
  let next = 0;
  return { ...randomStream('unused'), integerBelow: () => numbers[next++] ?? Number.NaN };
}

describe('the BCa interval', () => {
  it('is that of scipy.stats.bootstrap over the same samples, for cases and for participants', () => {
    for (const { values, groups, indices, confidence, interval } of reference.bca) {
      const random = replay(indices.flat());
      const resamples = indices.length;
      const options = { differences: values, groups, resamples, confidence, random };
      const result = bootstrapOfOne({ ...options, intervalKind: 'bca' });
      result.interval?.forEach((end, i) => {
        assertEqualNumber(end, interval[i] ?? NaN, 'end');
      });
      assert.notEqual(result.interval, null);
    }
  });

  it('excludes 0 where p is below α, but for the sample that p adds', () => {
    const noise = randomStream('skewed');
    const decided = { yes: 0, no: 0 };
    for (let experiment = 0; experiment < 200; experiment++) {
      const differences = Array.from({ length: 20 }, () => Math.exp(noise.normal()) - 1);
      const options = { differences, groups: differences.map(String), resamples: 999 };
      const { pValue, interval } = bootstrapOfOne({ ...options, random: noise, intervalKind: 'bca' });
      if (Math.abs(pValue - 0.05) < 0.015) continue; // the 1 added to both counts moves p by about 0.005 at most
      decided[pValue < 0.05 ? 'yes' : 'no']++;
      assert.ok(pValue > 0 && pValue <= 1);
      assert.equal(pValue < 0.05, (interval?.[0] ?? NaN) > 0 || (interval?.[1] ?? NaN) < 0);
    }
    assert.ok(decided.yes > 10 && decided.no > 10);
  });

  it('reaches further on the side of the long tail than the percentile interval', () => {
    const noise = randomStream('long tail');
    const differences = Array.from({ length: 30 }, () => Math.exp(noise.normal()));
    const options = { differences, groups: differences.map(String), resamples: 2000 };
    const plain = bootstrapOfOne({ ...options, random: randomStream(1) });
    const corrected = bootstrapOfOne({ ...options, random: randomStream(1), intervalKind: 'bca' });
    assert.ok((corrected.interval?.[1] ?? NaN) > (plain.interval?.[1] ?? NaN));
  });

  it('maps a tail to a quantile and back', () => {
    const correction = { bias: 0.13, acceleration: -0.07 };
    for (const tail of [1e-4, 0.025, 0.4, 0.975]) {
      assertEqualNumber(Number(bcaTail(bcaProbability(tail, correction), correction).toPrecision(11)), tail);
    }
  });

  it('counts a sample that draws every group once as equal to the mean, in whatever order it adds them up', () => {
    const [a, b, c] = [0.1, 0.2, 0.4];
    const orders = [a + b + c, a + c + b, b + a + c, b + c + a, c + a + b, c + b + a].map((sum) => sum / 3);
    assert.ok(new Set(orders).size > 1, 'rounding tells the orders apart');
    const groups = { counts: Float64Array.of(1, 1, 1), sums: Float64Array.of(a, b, c) };
    for (const mean of orders) {
      const { bias } = bcaCorrection({ means: Float64Array.from(orders), mean, ...groups });
      // Half of six equal means lie below: Φ⁻¹(½) = 0.
      assert.ok(Math.abs(bias) < 1e-15);
    }
  });
});
