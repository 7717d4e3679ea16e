import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ValueTally } from '../../../domain/image/value-tally.js';

function tallied(...blocks: readonly (readonly number[])[]) {
  const tally = new ValueTally();
  for (const block of blocks) tally.add(block);
  return tally.summary();
}

describe('ValueTally', () => {
  it('takes extremes and mean of finite values only, and counts the others', () => {
    assert.deepEqual(tallied([1, NaN, -3], [Infinity, 8, -Infinity]), {
      ...{ min: -3, max: 8, mean: 2, nan: 1, infinite: 2 },
      maskValues: undefined,
    });
  });

  it('has no extremes and no mean where no value is finite', () => {
    const { min, max, mean, nan } = tallied([NaN, NaN]);
    assert.deepEqual([min, max, mean, nan], [null, null, null, 2]);
  });

  it('counts the values of masks, and of nothing else', () => {
    assert.deepEqual(tallied([0, 4, 0], [2, 0]).maskValues, [
      { value: 0, voxels: 3 },
      { value: 2, voxels: 1 },
      { value: 4, voxels: 1 },
    ]);
    for (const values of [[0, 0.5], [-1, 0], [0, 256], Array.from({ length: 33 }, (_, value) => value)]) {
      assert.equal(tallied(values).maskValues, undefined);
    }
  });

  it('sums without losing small values beside large ones, in whatever blocks they come', () => {
    assert.equal(tallied([1e16, 1, 1, -1e16]).mean, 0.5);
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })), (values) => {
        const half = values.length >> 1;
        assert.deepEqual(tallied(values), tallied(values.slice(0, half), values.slice(half)));
      }),
    );
  });
});
