import { perAxis, type Affine, type Axis, type Grid, type Triple } from './grid.js';

/**
 * Maximum distance between corresponding voxel centres of two grids that count as equal, as a fraction of the smallest
 * voxel edge. It allows for rounding in single-precision headers and is far too small to move a border.
 */
const positionTolerance = 0.05;

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

/** Signed volume of one voxel in mm³: negative if the axes are left-handed, 0 if they are coplanar. */
export function determinant(affine: Affine): number {
  const [[a, b, c], [d, e, f], [g, h, i]] = affine;
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
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

/** Whether two grids of equal shape place every voxel at the same position, apart from header rounding. */
export function samePlaces(left: Grid, right: Grid): boolean {
  const tolerance = positionTolerance * Math.min(...left.spacingMm);
  const last = perAxis((axis) => left.shape[axis] - 1);
  // Positions are affine in the index, so the distance is largest at a corner.
  for (const x of [0, last[0]]) {
    for (const y of [0, last[1]]) {
      for (const z of [0, last[2]]) {
        const a = positionMm(left.affine, [x, y, z]);
        const b = positionMm(right.affine, [x, y, z]);
        if (!(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) <= tolerance)) return false;
      }
    }
  }
  return true;
}
