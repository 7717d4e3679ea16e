import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { determinant, samePlaces, spacingOf } from '../../../domain/image/affine.js';
import { reorientedGrid, reorientInto } from '../../../domain/image/axis-order.js';
import { perAxis, type Affine, type Grid } from '../../../domain/image/grid.js';
import { closestOrderOnto, orientationCode } from '../../../domain/image/orientation.js';
import { oblique, orders } from '../../support/images/axis-orders.js';
import { gridOf, imageOf, positionMm } from '../../support/images/image-fixtures.js';

describe('orientation', () => {
  it('names the directions of the axes', () => {
    const along = (x: number, y: number, z: number): Affine => [
      [x, 0, 0, 0],
      [0, y, 0, 0],
      [0, 0, z, 0],
    ];
    assert.equal(orientationCode(along(1, 1, 1)), 'RAS');
    assert.equal(orientationCode(along(-1, -2, 3)), 'LPS');
    // x runs to the head, y to the left, z to the back.
    assert.equal(
      orientationCode([
        [0, -1, 0, 0],
        [0, 0, -1, 0],
        [1, 0, 0, 0],
      ]),
      'SLP',
    );
  });

  it('every flip and permutation is found and undone: values and places are the original ones', () => {
    fc.assert(
      fc.property(orders, (order) => {
        const image = imageOf(oblique, (x, y, z) => x + 10 * y + 100 * z);
        const turnedGrid = reorientedGrid(oblique, order);
        const turned = new Float32Array(image.values.length);
        reorientInto(turned, image.values, oblique.shape, order);
        const back = closestOrderOnto(turnedGrid, oblique)?.order;
        assert.ok(back !== undefined);
        const restored = new Float32Array(image.values.length);
        reorientInto(restored, turned, turnedGrid.shape, back);
        assert.deepEqual(restored, image.values);
        assert.ok(samePlaces(reorientedGrid(turnedGrid, back), oblique));
      }),
    );
  });

  it('a reoriented voxel keeps its place in space', () => {
    fc.assert(
      fc.property(orders, (order) => {
        const turned = reorientedGrid(oblique, order);
        const voxel = [1, 2, 4] as const;
        const there = perAxis((axis) => {
          const index = voxel[order.from[axis]];
          return order.flip[axis] ? turned.shape[axis] - 1 - index : index;
        });
        const [a, b] = [positionMm(oblique.affine, voxel), positionMm(turned.affine, there)];
        assert.ok(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) < 1e-9);
        assert.ok(Math.abs(Math.abs(determinant(turned.affine)) - 9) < 1e-9);
        spacingOf(turned.affine).forEach((length, axis) => {
          assert.ok(Math.abs(length - (turned.spacingMm[axis] ?? NaN)) < 1e-9);
        });
      }),
    );
  });

  it('of grids that differ by more than a flip or permutation, the distance is told if their shapes agree', () => {
    const shifted: Grid = {
      ...oblique,
      affine: perAxis(
        (row) => [...oblique.affine[row].slice(0, 3), oblique.affine[row][3] + 1] as unknown as Affine[number],
      ),
    };
    // 1 mm along each of x, y and z; the smallest voxel edge is 1.5 mm.
    const { distance } = closestOrderOnto(shifted, oblique) ?? assert.fail();
    assert.ok(Math.abs(distance.mm - Math.sqrt(3)) < 1e-9);
    assert.equal(distance.voxels, 1.155);
    assert.equal(closestOrderOnto({ ...oblique, shape: [3, 4, 6] }, oblique), undefined);
    assert.ok((closestOrderOnto(gridOf([3, 4, 5], [1.5, 2, 3]), oblique)?.distance.voxels ?? Infinity) > 1);
  });

  it('rounding of single precision does not make two grids differ', () => {
    const rounded: Grid = {
      ...oblique,
      affine: perAxis((row) => {
        const [x, y, z, origin] = oblique.affine[row];
        return [Math.fround(x), Math.fround(y), Math.fround(z), Math.fround(origin)] as const;
      }),
    };
    const { order, distance } = closestOrderOnto(rounded, oblique) ?? assert.fail();
    assert.deepEqual(order, { from: [0, 1, 2], flip: [false, false, false] });
    assert.equal(distance.voxels, 0);
  });
});
