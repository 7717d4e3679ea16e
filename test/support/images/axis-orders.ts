import fc from 'fast-check';

import type { Affine, Axis, Grid } from '../../../domain/image/grid.js';
import { gridOf } from './image-fixtures.js';

const permutations: readonly (readonly [Axis, Axis, Axis])[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];
/** Any order and direction of axes. */
export const orders = fc.record({
  from: fc.constantFrom(...permutations),
  flip: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
});

/** An anisotropic grid with a shape of three different lengths, turned by 0.3 about the axis from feet to head. */
export const oblique: Grid = (() => {
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  const affine: Affine = [
    [c * 1.5, -s * 2, 0, 10],
    [s * 1.5, c * 2, 0, -20],
    [0, 0, 3, 5],
  ];
  return gridOf([3, 4, 5], [1.5, 2, 3], affine);
})();
