import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fillOutlines } from '../../../domain/image/fill-outlines.js';
import { gridOf } from '../../support/images/image-fixtures.js';

const grid = gridOf([6, 5, 1]);

function rowsOf(outlines: Parameters<typeof fillOutlines>[0]): string[] {
  const { values } = fillOutlines(outlines, grid);
  return Array.from({ length: 5 }, (_, y) => [...values.subarray(6 * y, 6 * y + 6)].join(''));
}

describe('fillOutlines', () => {
  it('fills the pixels whose centres are inside, and those on the left and upper edge', () => {
    const square = [
      [1, 1],
      [3, 1],
      [3, 3],
      [1, 3],
    ] as const;
    assert.deepEqual(rowsOf([square]), ['000000', '011000', '011000', '000000', '000000']);
  });

  it('gives neighbours no pixel in common, joins overlapping ones, and cuts off what is outside', () => {
    const left = [
      [-2, -1],
      [2.5, -1],
      [2.5, 2],
      [-2, 2],
    ] as const;
    const right = [
      [2.5, 0],
      [9, 0],
      [9, 9],
      [2.5, 9],
    ] as const;
    assert.deepEqual(rowsOf([left, right, right]), ['111111', '111111', '000111', '000111', '000111']);
    const one = rowsOf([left]).join('');
    const other = rowsOf([right]).join('');
    assert.ok([...one].every((pixel, at) => pixel === '0' || other[at] === '0'));
  });

  it('a triangle, and an outline of fewer than three corners, which has no inside', () => {
    const triangle = [
      [0, 0],
      [4, 0],
      [0, 4],
    ] as const;
    assert.deepEqual(rowsOf([triangle]), ['111100', '111000', '110000', '100000', '000000']);
    assert.deepEqual(
      rowsOf([
        [],
        [[1, 1]],
        [
          [0, 0],
          [5, 4],
        ],
      ]).join(''),
      '0'.repeat(30),
    );
  });

  it('is for 2D images', () => {
    assert.throws(() => fillOutlines([], gridOf([2, 2, 2])), { code: 'ARGUMENT_INVALID' });
  });
});
