import { reorientedGrid, reorientInto, type AxisOrder } from '../image/axis-order.js';
import { axes, perAxis, type Grid, type LabelMap } from '../image/grid.js';
import { axisOrderTowards } from '../image/orientation.js';
import { indexMap } from './align.js';
import type { GridAxes } from './resampled-axis.js';

/** A grid's axes in voxels of another grid whose axes have been brought into their order and direction. */
export interface ParallelAxes {
  readonly order: AxisOrder;
  readonly gridAxes: GridAxes;
}

/** By how many voxels rounding in headers may turn the axes of two grids against each other over their whole length. */
const mostDeviation = 0.05;

/** The axes of `target` in voxels of `grid`; undefined if the grids are rotated or sheared against each other. */
export function parallelAxes(grid: Grid, target: Grid): ParallelAxes | undefined {
  const order = axisOrderTowards(grid, target);
  if (order === undefined) return undefined;
  const map = indexMap(target.affine, reorientedGrid(grid, order).affine);
  const isParallel = axes.every((row) =>
    axes.every((axis) => axis === row || Math.abs(map[row][axis]) * target.shape[axis] <= mostDeviation),
  );
  if (!isParallel) return undefined;
  return {
    order,
    gridAxes: perAxis((axis) => ({ length: target.shape[axis], start: map[axis][3], step: map[axis][axis] })),
  };
}

/** The mask with its axes in another order and direction. */
export function reorientedMask({ grid, values }: LabelMap, order: AxisOrder): LabelMap {
  const target = new Uint8Array(values.length);
  reorientInto(target, values, grid.shape, order);
  return { grid: reorientedGrid(grid, order), values: target };
}
