import { axisStep, gridDistance, spacingOf, type GridDistance } from './affine.js';
import { reorientedGrid, type AxisOrder } from './axis-order.js';
import { axes, perAxis, sameShape, type Affine, type Axis, type Grid, type Triple } from './grid.js';

type Matrix3 = readonly [Triple, Triple, Triple];

const letters = [
  ['L', 'R'],
  ['P', 'A'],
  ['I', 'S'],
] as const;

/** The unit vector along each axis of the image. */
function axisDirections(affine: Affine): Matrix3 {
  const spacing = spacingOf(affine);
  return perAxis((axis) => {
    const step = axisStep(affine, axis);
    return perAxis((row) => step[row] / spacing[axis]);
  });
}

/** The inverse transpose of an invertible 3×3 matrix, by cofactors. */
function inverseTranspose(matrix: Matrix3): Matrix3 {
  const next = { 0: 1, 1: 2, 2: 0 } as const;
  const cofactors = perAxis((row) =>
    perAxis((column) => {
      const [r1, r2, c1, c2] = [next[row], next[next[row]], next[column], next[next[column]]];
      return matrix[r1][c1] * matrix[r2][c2] - matrix[r1][c2] * matrix[r2][c1];
    }),
  );
  const determinant = axes.reduce<number>((sum, column) => sum + matrix[0][column] * cofactors[0][column], 0);
  return perAxis((row) => perAxis((column) => cofactors[row][column] / determinant));
}

/**
 * The rotation (or reflection) nearest to an invertible matrix: the polar factor, by Newton's iteration (Higham 1986).
 */
function nearestRotation(matrix: Matrix3): Matrix3 {
  let current = matrix;
  for (let iteration = 0; iteration < 60; iteration++) {
    const inverse = inverseTranspose(current);
    const previous = current;
    current = perAxis((row) => perAxis((column) => (previous[row][column] + inverse[row][column]) / 2));
    const next = current;
    if (axes.every((row) => axes.every((column) => Math.abs(next[row][column] - previous[row][column]) < 1e-15))) break;
  }
  return current;
}

function largest(candidates: readonly Axis[], size: (axis: Axis) => number): Axis {
  return candidates.reduce((best, other) => (size(other) > size(best) ? other : best));
}

/**
 * The anatomical direction of each image axis, as one letter each of L/R, P/A, I/S: `RAS` means that x increases to the
 * right, y to the front and z to the head. Like nibabel's `aff2axcodes` (5.4): shears are removed first, then the axis
 * with the clearest direction chooses its letter first. The affine must be invertible.
 */
export function orientationCode(affine: Affine): string {
  const rotation = nearestRotation(axisDirections(affine));
  const strength = perAxis((axis) => Math.max(...rotation[axis].map(Math.abs)));
  const code = ['', '', ''];
  let free: Axis[] = [...axes];
  for (const axis of [...axes].sort((a, b) => strength[b] - strength[a])) {
    const row = largest(free, (candidate) => Math.abs(rotation[axis][candidate]));
    free = free.filter((other) => other !== row);
    code[axis] = letters[row][rotation[axis][row] < 0 ? 0 : 1];
  }
  return code.join('');
}

/** The permutation and flips of axes that bring a grid closest to another, and how far apart their voxels then are. */
export interface ClosestOrder {
  readonly order: AxisOrder;
  readonly distance: GridDistance;
}

/**
 * The permutation and flips of axes that bring `grid` closest to `target`; undefined if it then has another shape, or if the
 * axes of the two do not belong together.
 */
export function closestOrderOnto(grid: Grid, target: Grid): ClosestOrder | undefined {
  const order = axisOrderTowards(grid, target);
  if (order === undefined) return undefined;
  const result = reorientedGrid(grid, order);
  return sameShape(result.shape, target.shape) ? { order, distance: gridDistance(result, target) } : undefined;
}

/** The permutation and flips that turn each axis of `grid` the way of the axis of `target` that it is closest to. */
export function axisOrderTowards(grid: Grid, target: Grid): AxisOrder | undefined {
  const own = axisDirections(grid.affine);
  const wanted = axisDirections(target.affine);
  const cosines = perAxis((axis) =>
    perAxis((other) => axes.reduce<number>((sum, row) => sum + wanted[axis][row] * own[other][row], 0)),
  );
  const from = perAxis((axis) => largest(axes, (other) => Math.abs(cosines[axis][other])));
  if (new Set(from).size !== 3) return undefined;
  return { from, flip: perAxis((axis) => cosines[axis][from[axis]] < 0) };
}
