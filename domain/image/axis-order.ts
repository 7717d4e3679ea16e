import { affineOfSteps } from './affine.js';
import { axes, perAxis, type Axis, type Grid, type StoredValues, type Triple } from './grid.js';

/** How the axes of one grid map to those of another: new axis a is old axis `from[a]`, reversed if `flip[a]`. */
export interface AxisOrder {
  readonly from: readonly [Axis, Axis, Axis];
  readonly flip: readonly [boolean, boolean, boolean];
}

/** The grid after its axes have been permuted and flipped. */
export function reorientedGrid(grid: Grid, { from, flip }: AxisOrder): Grid {
  const turned = perAxis((axis) => axes.some((index) => from[index] === axis && flip[index]));
  const start = perAxis((axis) => (turned[axis] ? grid.shape[axis] - 1 : 0));
  const affine = affineOfSteps(
    grid.affine,
    start,
    perAxis((axis) => (turned[axis] ? -1 : 1)),
  );
  return {
    shape: perAxis((axis) => grid.shape[from[axis]]),
    spacingMm: perAxis((axis) => grid.spacingMm[from[axis]]),
    affine: perAxis((row) => {
      const columns = affine[row];
      return [columns[from[0]], columns[from[1]], columns[from[2]], columns[3]] as const;
    }),
  };
}

/** Writes the values in the new axis order into `target`, which has the same length; `shape` is the old shape. */
export function reorientInto<Values extends StoredValues>(
  target: Values,
  source: Values,
  shape: Triple,
  { from, flip }: AxisOrder,
): void {
  const strides: Triple = [1, shape[0], shape[0] * shape[1]];
  const [sizeX, sizeY, sizeZ] = perAxis((axis) => shape[from[axis]]);
  const [stepX, stepY, stepZ] = perAxis((axis) => strides[from[axis]] * (flip[axis] ? -1 : 1));
  // Along each flipped axis, the first voxel of the new order is the last one of the old.
  const first = axes.reduce<number>(
    (sum, axis) => sum + (flip[axis] ? strides[from[axis]] * (shape[from[axis]] - 1) : 0),
    0,
  );
  let written = 0;
  for (let z = 0; z < sizeZ; z++) {
    for (let y = 0; y < sizeY; y++) {
      let read = first + z * stepZ + y * stepY;
      for (let x = 0; x < sizeX; x++) {
        target[written++] = source[read] as number; // in range by construction of the steps
        read += stepX;
      }
    }
  }
}
