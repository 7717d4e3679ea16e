import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contourLengthsMm, surfaceAreasMm2 } from '../../../../domain/evaluate/segmentation/surface-areas.js';

const spacing = [2, 3, 5] as const;

function assertNear(value: number | undefined, expected: number): void {
  assert.ok(Math.abs((value ?? NaN) - expected) < 1e-12, `${String(value)} is not ${expected}`);
}

/** Of the triangle that cuts off a corner: its legs are half of the edges, its normal has these parts. */
const corner = Math.hypot(3 * 5, 2 * 5, 2 * 3) / 8;

describe('surfaceAreasMm2', () => {
  const areas = surfaceAreasMm2(spacing);

  it('gives a plane between voxels the area of the rectangle', () => {
    assertNear(areas[0b01010101], 3 * 5); // x = 0 is inside
    assertNear(areas[0b00110011], 2 * 5);
    assertNear(areas[0b00001111], 2 * 3);
  });

  it('cuts off single corners, and those that share no face', () => {
    assertNear(areas[0b00000001], corner);
    assertNear(areas[0b10000001], 2 * corner);
    assertNear(areas[0b01101001], 4 * corner); // every second one
  });

  it('gives an edge of two voxels the rectangle that its four crossings span', () => {
    assertNear(areas[0b00000011], (2 * Math.hypot(3, 5)) / 2); // along x
  });

  it('gives three voxels of a face its half and the trapezoid below', () => {
    // The trapezoid is three quarters of the triangle between the corners, which is four times that at one corner.
    assertNear(areas[0b00000111], (2 * 3) / 2 + 3 * corner);
  });

  it('is none where all voxels are inside or all outside, and the same when inside and outside are exchanged', () => {
    assert.deepEqual([areas[0], areas[255]], [0, 0]);
    // With four of eight inside, a face of four crossings separates those inside.
    for (let code = 1; code < 255; code++) {
      assert.ok((areas[code] ?? 0) > 0);
      assertNear(areas[255 - code], areas[code] ?? NaN);
    }
  });

  it('is that of a mirrored cell', () => {
    for (let code = 0; code < 256; code++) {
      const mirrored = ((code & 0b01010101) << 1) | ((code >> 1) & 0b01010101);
      assertNear(areas[mirrored], areas[code] ?? NaN);
    }
  });
});

describe('contourLengthsMm', () => {
  it('has straight pieces of an edge, and halves of the diagonal at corners', () => {
    const lengths = contourLengthsMm([3, 4, 1]);
    assert.deepEqual([...lengths], [0, 2.5, 2.5, 3, 2.5, 4, 5, 2.5, 2.5, 5, 4, 2.5, 3, 2.5, 2.5, 0]);
  });
});
