import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { combineMoments, deviationOf, momentsOf } from '../../../domain/preprocess/moments.js';
import { normaliseInto } from '../../../domain/preprocess/normalise.js';

const values = fc.float32Array({
  minLength: 0,
  maxLength: 30,
  noNaN: true,
  noDefaultInfinity: true,
  min: -1000,
  max: 1000,
});

describe('moments', () => {
  it('of parts combine to the moments of the whole', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 6 }), (parts) => {
        const whole = momentsOf(Float32Array.from(parts.flatMap((part) => [...part])));
        const combined = combineMoments(parts.map((part) => momentsOf(part)));
        assert.equal(combined.count, whole.count);
        assert.ok(Math.abs(combined.mean - whole.mean) <= 1e-9 * (1 + Math.abs(whole.mean)));
        assert.ok(Math.abs(combined.m2 - whole.m2) <= 1e-9 * (1 + whole.m2));
      }),
    );
  });

  it('combine to the same bits in any order', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 2, maxLength: 6 }), (parts) => {
        const moments = parts.map((part) => momentsOf(part));
        assert.deepEqual(combineMoments(moments), combineMoments([...moments].reverse()));
      }),
    );
  });

  it('keep their precision far from zero, where a sum of squares would lose it', () => {
    const far = Float32Array.of(1e7, 1e7 + 1, 1e7 + 2);
    assert.equal(deviationOf(momentsOf(far)), Math.sqrt(2 / 3));
    assert.equal(
      deviationOf(combineMoments([...far].map((value) => momentsOf(Float32Array.of(value))))),
      Math.sqrt(2 / 3),
    );
  });

  it('count only what the mask holds', () => {
    assert.deepEqual(momentsOf(Float32Array.of(1, 50, 3), Uint8Array.of(1, 0, 1)), { count: 2, mean: 2, m2: 2 });
  });

  it('of nothing are none', () => {
    const noMoments = { count: 0, mean: 0, m2: 0 };
    assert.deepEqual(momentsOf(Float32Array.of(1, 2), Uint8Array.of(0, 0)), noMoments);
    assert.deepEqual(combineMoments([]), noMoments);
    assert.deepEqual(combineMoments([noMoments, noMoments]), noMoments);
    assert.equal(deviationOf(noMoments), 0);
  });
});

describe('normaliseInto', () => {
  it('gives mean 0 and deviation 1', () => {
    const image = Float32Array.of(2, 4, 6, 8);
    const moments = momentsOf(image);
    normaliseInto(image, { mean: moments.mean, deviation: deviationOf(moments) });
    const { mean, m2, count } = momentsOf(image);
    assert.ok(Math.abs(mean) < 1e-7 && Math.abs(m2 / count - 1) < 1e-6);
  });

  it('makes a constant modality 0', () => {
    const image = Float32Array.of(7, 7, 8);
    normaliseInto(image, { mean: 7, deviation: 0 });
    assert.deepEqual([...image], [0, 0, 0]);
  });
});
