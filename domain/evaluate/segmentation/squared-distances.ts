import { axes, type Triple } from '../../image/grid.js';
import { LowerEnvelope } from './lower-envelope.js';

interface DistanceQuestion {
  /** Not 0 at the points to which distances are measured. */
  readonly seeds: Uint8Array;
  /** Not 0 at the points whose distance is asked for. */
  readonly asked: Uint8Array;
  readonly shape: Triple;
  /** Distance between neighbouring points along each axis. */
  readonly spacingMm: Triple;
}

/**
 * The exact squared Euclidean distance in mm² from each asked point to the nearest seed, in the order of the points;
 * Infinity without seeds. Values at other points have no meaning.
 *
 * Axis by axis, each line takes the lower envelope of the parabolas that stand on its points (Felzenszwalb, Huttenlocher,
 * Distance transforms of sampled functions, 2012), so the time is linear in the number of points.
 */
export function squaredDistances({ seeds, asked, shape, spacingMm }: DistanceQuestion): Float64Array {
  const [sizeX, sizeY, sizeZ] = shape;
  const slice = sizeX * sizeY;
  const isExact = isExactOn(shape, spacingMm);
  const squares = new Float64Array(seeds.length);
  const alongY = new LowerEnvelope(sizeY, { step: spacingMm[1], isExact });
  for (let first = 0; first < seeds.length; first += slice) {
    for (let row = first; row < first + slice; row += sizeX)
      squareAlongRow(seeds, squares, { row, sizeX, step: spacingMm[0] });
    for (let x = first; sizeY > 1 && x < first + sizeX; x++) alongY.lower(squares, x, sizeX);
  }
  const alongZ = new LowerEnvelope(sizeZ, { step: spacingMm[2], isExact });
  for (let column = 0; sizeZ > 1 && column < slice; column++) {
    if (anyAlong(asked, column, slice)) alongZ.lower(squares, column, slice, asked);
  }
  return squares;
}

/**
 * Whether squared distances on the grid are exact in double precision: all lengths are multiples of some 1 / 2ⁿ mm, such as 1 or
 * 0.9375, and not too large for it. Then places of equal distance have equal numbers, and where parabolas cross is exact enough
 * to tell on which side of a point it is.
 */
function isExactOn(shape: Triple, spacingMm: Triple): boolean {
  for (let parts = 1; parts <= 1024; parts *= 2) {
    if (!spacingMm.every((step) => Number.isInteger(step * parts))) continue;
    return axes.reduce<number>((sum, axis) => sum + (shape[axis] * spacingMm[axis] * parts) ** 2, 0) < 2 ** 31;
  }
  return false;
}

/** The squared distance along one row: from the nearest seed before the point, or behind it. */
function squareAlongRow(
  seeds: Uint8Array,
  squares: Float64Array,
  { row, sizeX, step }: { readonly row: number; readonly sizeX: number; readonly step: number },
): void {
  let away = Infinity;
  for (let i = row; i < row + sizeX; i++) {
    away = seeds[i] === 0 ? away + 1 : 0;
    squares[i] = away;
  }
  away = Infinity;
  for (let i = row + sizeX - 1; i >= row; i--) {
    away = seeds[i] === 0 ? away + 1 : 0;
    const distance = Math.min(away, squares[i] as number) * step; // in range
    squares[i] = distance * distance;
  }
}

function anyAlong(values: Uint8Array, first: number, stride: number): boolean {
  for (let i = first; i < values.length; i += stride) if (values[i] !== 0) return true;
  return false;
}
