import type { Triple } from '../image/grid.js';

/**
 * The smallest crop that holds images of all these shapes: along each axis the least multiple of `multiple`, in voxels, that
 * no shape exceeds. [x, y, z]; [`multiple`, `multiple`, `multiple`] without shapes.
 */
export function smallestCrop(shapes: readonly Triple[], multiple: number): Triple {
  const along = (axis: 0 | 1 | 2): number => {
    const longest = Math.max(1, ...shapes.map((shape) => shape[axis]));
    return Math.ceil(longest / multiple) * multiple;
  };
  return [along(0), along(1), along(2)];
}
