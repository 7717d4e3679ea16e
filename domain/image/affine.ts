import { perAxis, type Affine, type Axis, type Grid, type Triple } from './grid.js';

/**
 * Maximum distance between corresponding voxel centres of two grids that count as equal, as a fraction of the smallest
 * voxel edge, unless a data set sets its own. It allows for rounding in single-precision headers and is too small to move a
 * border.
 */
export const defaultGridTolerance = 0.1;

/** The affine with the given spacing and no rotation, for an image without other position information. */
export function diagonalAffine(spacing: Triple): Affine {
  return [
    [spacing[0], 0, 0, 0],
    [0, spacing[1], 0, 0],
    [0, 0, spacing[2], 0],
  ];
}

/** Column `axis` of the affine: the step in mm from one voxel to its neighbour along that axis. */
export function axisStep(affine: Affine, axis: Axis): Triple {
  return [affine[0][axis], affine[1][axis], affine[2][axis]];
}

/** Physical position in mm (RAS+) of a voxel index, which may be fractional. */
function positionMm(affine: Affine, voxel: Triple): Triple {
  const along = (row: Affine[number]): number => row[0] * voxel[0] + row[1] * voxel[1] + row[2] * voxel[2] + row[3];
  return [along(affine[0]), along(affine[1]), along(affine[2])];
}

/** Lengths of the affine's columns: the distance between neighbouring voxel centres along each axis, in mm. */
export function spacingOf(affine: Affine): Triple {
  return perAxis((axis) => Math.hypot(...axisStep(affine, axis)));
}

/**
 * Signed volume of one voxel in mm³ (rule of Sarrus): negative if the axes are left-handed, 0 if they are coplanar. For a
 * diagonal affine it is the product of the spacings to the last bit.
 */
export function determinant(affine: Affine): number {
  const [[a, b, c], [d, e, f], [g, h, i]] = affine;
  return a * e * i + b * f * g + c * d * h - c * e * g - b * d * i - a * f * h;
}

/** Volume of one voxel in mm³, also for axes that are not perpendicular. */
export function voxelVolumeMm3({ affine }: Pick<Grid, 'affine'>): number {
  return Math.abs(determinant(affine));
}

/** Smaller angles between axes and a right angle come from rounding in single-precision headers. */
export const leastShearDegrees = 0.1;

/** By how many degrees the angle between two axes of the grid differs most from a right angle; 0 to 90. */
export function shearDegrees(affine: Affine): number {
  const [x, y, z] = perAxis((axis) => axisStep(affine, axis));
  const cosine = (a: Triple, b: Triple): number =>
    Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]) / (Math.hypot(...a) * Math.hypot(...b));
  return (Math.asin(Math.min(1, Math.max(cosine(x, y), cosine(x, z), cosine(y, z)))) * 180) / Math.PI;
}

/** Largest distance in mm between the positions that two affines give to a voxel of a grid of this shape. */
export function distanceApart(shape: Triple, one: Affine, other: Affine): number {
  const last = perAxis((axis) => shape[axis] - 1);
  let largest = 0;
  // Positions are affine in the index, so the distance is largest at a corner.
  for (const x of [0, last[0]]) {
    for (const y of [0, last[1]]) {
      for (const z of [0, last[2]]) {
        const a = positionMm(one, [x, y, z]);
        const b = positionMm(other, [x, y, z]);
        largest = Math.max(largest, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
      }
    }
  }
  return largest;
}

/**
 * The affine of a grid on the same axes whose voxel o lies at index `start + o · step` (per axis) of this grid. A
 * negative step reverses the axis.
 */
export function affineOfSteps(affine: Affine, start: Triple, step: Triple): Affine {
  const origin = positionMm(affine, start);
  return perAxis((index) => {
    const row = affine[index];
    return [row[0] * step[0], row[1] * step[1], row[2] * step[2], origin[index]] as const;
  });
}

/** The largest distance between corresponding voxels of two grids. */
export interface GridDistance {
  readonly mm: number;
  /** As a fraction of the smallest voxel edge, to three decimals: rounding in headers must not decide. */
  readonly voxels: number;
}

/** How far apart two grids of equal shape place their voxels. */
export function gridDistance(left: Grid, right: Grid): GridDistance {
  const mm = distanceApart(left.shape, left.affine, right.affine);
  return { mm, voxels: Math.round((1000 * mm) / Math.min(...left.spacingMm)) / 1000 };
}

/** Whether two grids of equal shape place every voxel at the same position, apart from header rounding. */
export function samePlaces(left: Grid, right: Grid): boolean {
  return gridDistance(left, right).voxels <= defaultGridTolerance;
}
