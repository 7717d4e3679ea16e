import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { abut } from '../../../domain/image/abutting.js';
import { affineOfSteps } from '../../../domain/image/affine.js';
import type { Affine, Grid } from '../../../domain/image/grid.js';
import { gridOf } from '../../support/images/image-fixtures.js';

// A gantry tilted about x by the angle of a 3-4-5 triangle, slices of 10 mm.
const tilted: Affine = [
  [-1, 0, 0, 100],
  [0, 0.8, -6, -50],
  [0, 0.6, 8, 20],
];
const lower = gridOf([8, 8, 2], [1, 1, 10], tilted);

/** The same slab, moved by voxels. */
function moved(x: number, y: number, z: number): Grid {
  return { ...lower, affine: affineOfSteps(tilted, [x, y, z], [1, 1, 1]) };
}

describe('abut', () => {
  it('slabs that begin where the other ends, in either order, to within half a slice', () => {
    assert.ok(abut(lower, moved(0, 0, 2)));
    assert.ok(abut(moved(0, 0, 2), lower));
    assert.ok(abut(lower, moved(0.9, -0.9, 2.4)));
  });

  it('not slabs with a gap, an overlap, a shift in the plane or at one place', () => {
    for (const [x, y, z] of [
      [0, 0, 3],
      [0, 0, 1],
      [2, 0, 2],
      [0, 0, 0],
    ] as const) {
      assert.ok(!abut(lower, moved(x, y, z)), `${x} ${y} ${z}`);
    }
  });

  it('not slabs of another plane: size, spacing or tilt', () => {
    const above = moved(0, 0, 2);
    assert.ok(!abut(lower, { ...above, shape: [8, 9, 2] }));
    assert.ok(!abut(lower, gridOf([8, 8, 2], [1, 1, 10])));
    assert.ok(!abut(lower, { ...above, affine: affineOfSteps(above.affine, [0, 0, 0], [1, 1, 0.5]) }));
  });
});
