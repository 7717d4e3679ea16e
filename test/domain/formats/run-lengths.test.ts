import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeRunLengths, encodeRunLengths } from '../../../domain/formats/run-lengths.js';

describe('the run lengths of a mask', () => {
  it('begin with those of 0, as 32-bit integers', () => {
    const numbers = (...mask: number[]): number[] => [
      ...new Uint32Array(encodeRunLengths(Uint8Array.from(mask)).buffer),
    ];
    assert.deepEqual(numbers(0, 0, 1, 0), [2, 1, 1]);
    assert.deepEqual(numbers(1, 1, 1), [0, 3]);
    assert.deepEqual(numbers(), [0]);
  });

  it('give the mask back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 1, maxLength: 200 }), (mask) => {
        assert.deepEqual(decodeRunLengths(encodeRunLengths(mask), mask.length), mask);
      }),
    );
  });

  it('are refused where they do not fit the image', () => {
    const bytes = encodeRunLengths(Uint8Array.of(0, 1, 1));
    for (const damaged of [bytes.subarray(0, 4), bytes.subarray(0, 7)]) {
      assert.throws(() => decodeRunLengths(damaged, 3), { code: 'FILE_FORMAT_INVALID' });
    }
    assert.throws(() => decodeRunLengths(bytes, 4), { code: 'FILE_FORMAT_INVALID' });
  });
});
