import { axisStep } from './affine.js';
import { axes, perAxis, type Grid } from './grid.js';

/** Tolerances between the end of one slab and the start of the next: half a slice along z, one voxel in the plane. */
const sliceTolerance = 0.5;
const planeTolerance = 1;

/**
 * Whether two images are adjacent slabs of one scan: they share in-plane size, spacing, directions and slice distance,
 * and one begins where the other ends.
 */
export function abut(one: Grid, other: Grid): boolean {
  const sameSteps = axes.every((axis) => {
    const [a, b] = [axisStep(one.affine, axis), axisStep(other.affine, axis)];
    return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) < 0.01 * one.spacingMm[axis];
  });
  if (!sameSteps || one.shape[0] !== other.shape[0] || one.shape[1] !== other.shape[1]) return false;
  return follows(one, other) || follows(other, one);
}

function follows(first: Grid, next: Grid): boolean {
  const shift = perAxis((row) => next.affine[row][3] - first.affine[row][3]);
  const [x, y, z] = perAxis((axis) => {
    const step = axisStep(first.affine, axis);
    return (step[0] * shift[0] + step[1] * shift[1] + step[2] * shift[2]) / first.spacingMm[axis] ** 2;
  });
  return (
    Math.abs(x) <= planeTolerance && Math.abs(y) <= planeTolerance && Math.abs(z - first.shape[2]) <= sliceTolerance
  );
}
