import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  formatBrief,
  formatNumber,
  formatP,
  formatSigned,
  formatSignedPercent,
  listed,
  shortFloat,
} from '../../../../domain/report/words/format-number.js';

describe('a value of a file', () => {
  it('has as few digits as tell it from its neighbours in 32 bits', () => {
    const values = [0, 1, 255, 0.1, 76.245, 2 ** -126, 1 / 3, 16_777_216, -0.5];
    assert.deepEqual(
      values.map((value) => shortFloat(Math.fround(value))),
      // numpy 2.4: str(numpy.float32(value)), whole numbers without .0 or e
      ['0', '1', '255', '0.1', '76.245', '1.1754944e-38', '0.33333334', '16777216', '-0.5'],
    );
  });
});

describe('numbers in tables and sentences', () => {
  it("have the digits of the paper's Table 1", () => {
    const numbers = [0.24, 5.534, 302.3, 87.09, -0.069, -6.778, 1234.56, 0.0004, -0.00001, 0];
    assert.deepEqual(numbers.map(formatNumber), [
      '0.240',
      '5.534',
      '302.3',
      '87.09',
      '−0.069',
      '−6.778',
      '1235',
      '0.0004',
      '0.000',
      '0',
    ]);
    assert.deepEqual([2.3149, 0.0941, 12.345, 276.4].map(formatBrief), ['2.31', '0.094', '12.3', '276']);
    assert.deepEqual([2.31, -2.31, 0, 1e-9].map(formatSigned), ['+2.31', '−2.31', '0', '0.000']);
    assert.deepEqual([0.234, -0.041, 0].map(formatSignedPercent), ['+23 %', '−4.1 %', '0.0 %']);
  });

  it('write p as papers do', () => {
    assert.deepEqual([0.0002, 0.0013, 0.0496, 0.62, 1].map(formatP), [
      'p < 0.001',
      'p = 0.001',
      'p = 0.050',
      'p = 0.62',
      'p = 1.00',
    ]);
  });

  it('list words with commas and an and', () => {
    assert.deepEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed), ['', 'a', 'a and b', 'a, b and c']);
  });
});
