import { axes, perAxis, type Grid, type Triple } from '../image/grid.js';

/** A disc or ball centred on a voxel centre of a grid: the offsets to all voxels within the radius. */
export interface Ball {
  readonly radius: number;
  readonly steps: readonly Triple[];
  /** Largest offset along each axis. */
  readonly reach: Triple;
}

/** The voxels whose centres are at most `radius` (in the unit of the spacing) from the ball's centre. */
export function ballOnGrid({ shape, spacingMm }: Grid, radius: number): Ball {
  const reach = perAxis((axis) => (shape[axis] === 1 ? 0 : Math.floor(radius / spacingMm[axis])));
  const steps: Triple[] = [];
  for (let z = -reach[2]; z <= reach[2]; z++) {
    for (let y = -reach[1]; y <= reach[1]; y++) {
      for (let x = -reach[0]; x <= reach[0]; x++) {
        if (Math.hypot(x * spacingMm[0], y * spacingMm[1], z * spacingMm[2]) <= radius) steps.push([x, y, z]);
      }
    }
  }
  return { radius, steps, reach };
}

/** Distance between two voxel centres. */
export function distance(a: Triple, b: Triple, { spacingMm }: Grid): number {
  return Math.hypot(...axes.map((axis) => (a[axis] - b[axis]) * spacingMm[axis]));
}
