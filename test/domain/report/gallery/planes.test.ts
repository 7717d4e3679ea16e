import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { reorientedGrid } from '../../../../domain/image/axis-order.js';
import { type Affine, type Axis, type Grid, type Triple } from '../../../../domain/image/grid.js';
import { sliceOf, slicePlaces, turnedForDisplay } from '../../../../domain/report/gallery/planes.js';
import { oblique, orders } from '../../../support/images/axis-orders.js';
import { gridOf, imageOf, labelOf, positionMm } from '../../../support/images/image-fixtures.js';

/** At each voxel its position in mm along the patient's axis: 0 to the right, 1 to the front, 2 to the head. */
const along = (grid: Grid, axis: Axis): Float32Array =>
  imageOf(grid, (...voxel) => positionMm(grid.affine, voxel)[axis]).values;

describe('the slices that are drawn', () => {
  it('of a volume have at their edges what the letters say, whichever way the axes of the file run', () => {
    const axisOf: Readonly<Record<string, readonly [Axis, 1 | -1]>> = {
      ...{ R: [0, 1], L: [0, -1], A: [1, 1], P: [1, -1], S: [2, 1], I: [2, -1] },
    };
    fc.assert(
      fc.property(fc.constantFrom(gridOf([3, 4, 5], [1.5, 2, 3]), oblique), orders, (base, order) => {
        const grid = reorientedGrid(base, order);
        const { grid: turned, turn } = turnedForDisplay(grid, 3);
        const label = turn(labelOf(grid, () => true).values);
        const places = slicePlaces(turned, label, 3);
        assert.deepEqual(
          places.map(({ name }) => name),
          ['axial', 'coronal', 'sagittal'],
        );
        for (const place of places) {
          const { width, height, edges } = place;
          assert.ok(edges !== null);
          const middle = { x: Math.floor(width / 2), y: Math.floor(height / 2) };
          for (const [letter, from, to] of [
            [edges.left, middle.y * width, middle.y * width + width - 1],
            [edges.right, middle.y * width + width - 1, middle.y * width],
            [edges.top, middle.x, (height - 1) * width + middle.x],
            [edges.bottom, (height - 1) * width + middle.x, middle.x],
          ] as const) {
            const [axis, sign] = axisOf[letter] ?? [0, 1];
            const positions = sliceOf(turn(along(grid, axis)), place);
            const towards = (positions[from] ?? NaN) - (positions[to] ?? NaN);
            assert.ok(sign * towards > 1, `${place.name}: ${letter} is ${towards} mm from the opposite edge`);
          }
        }
      }),
    );
  });

  it('have the size of the patient, not of the file', () => {
    // x of the file runs to the head, y to the left, z to the back.
    const affine: Affine = [
      [0, -2, 0, 0],
      [0, 0, -3, 0],
      [4, 0, 0, 0],
    ];
    const grid = gridOf([5, 6, 7], [4, 2, 3], affine);
    const { grid: turned, turn } = turnedForDisplay(grid, 3);
    const sizes = slicePlaces(turned, turn(new Uint8Array(5 * 6 * 7)), 3).map(
      ({ width, height, spacingMm }) => [width, height, ...spacingMm] as const,
    );
    assert.deepEqual(sizes, [
      [6, 7, 2, 3],
      [6, 5, 2, 4],
      [7, 5, 3, 4],
    ]);
  });

  it('are drawn also where two axes of the file lean to the same side', () => {
    const affine: Affine = [
      [1, 0.9, 0, 0],
      [0.2, 0.6, 0, 0],
      [0, 0, 1, 0],
    ];
    const { grid } = turnedForDisplay(gridOf([3, 4, 5], [1, 1, 1], affine), 3);
    assert.deepEqual(grid.shape, [3, 4, 5]);
  });

  it('are those with the most structure, the first of equal ones, and the middle one of an empty mask', () => {
    const grid = gridOf([4, 5, 6]);
    const { grid: turned, turn } = turnedForDisplay(grid, 3);
    const cut = (inside: (x: number, y: number, z: number) => boolean): Triple[] => {
      const label = turn(labelOf(grid, inside).values);
      const found = slicePlaces(turned, label, 3);
      // The position of the slice's first voxel, by the affine of the file.
      return found.map(
        (place) =>
          [0, 1, 2].map((axis) => sliceOf(turn(along(grid, axis as Axis)), place)[0] ?? NaN) as unknown as Triple,
      );
    };
    const through = (places: readonly Triple[]): number[] => [
      places[0]?.[2] ?? NaN,
      places[1]?.[1] ?? NaN,
      places[2]?.[0] ?? NaN,
    ];
    // Most at z 1 and at y 2. Equally many at x 1 and 2, of which 2 is nearer to the patient's right, where counting begins.
    const inside = new Set(['1 2 1', '2 2 1', '2 3 4', '1 2 5']);
    assert.deepEqual(through(cut((...voxel) => inside.has(voxel.join(' ')))), [1, 2, 2]);
    // The display counts from the head, the front and the right.
    assert.deepEqual(through(cut(() => false)), [2, 2, 1]);
  });

  it('a picture is drawn as it is', () => {
    const grid = gridOf([3, 2, 1]);
    const { grid: turned, turn } = turnedForDisplay(grid, 2);
    const values = Float32Array.of(1, 2, 3, 4, 5, 6);
    const [place, ...others] = slicePlaces(turned, turn(values), 2);
    assert.ok(place !== undefined && others.length === 0);
    assert.deepEqual([place.name, place.width, place.height, place.edges], ['picture', 3, 2, null]);
    assert.deepEqual(sliceOf(turn(values), place), values);
  });
});
