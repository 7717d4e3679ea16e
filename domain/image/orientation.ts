import { affineOfSteps, axisStep, samePlaces, spacingOf } from './affine.js';
import { axes, perAxis, sameShape, type Affine, type Axis, type Grid, type StoredValues, type Triple } from './grid.js';

/** How the axes of one grid map to those of another: new axis a is old axis `from[a]`, reversed if `flip[a]`. */
export interface AxisOrder {
  readonly from: readonly [Axis, Axis, Axis];
  readonly flip: readonly [boolean, boolean, boolean];
}

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

/**
 * The permutation and flips of axes that turn `grid` into `target`; undefined if none does, because the grids differ in
 * shape, spacing, rotation or position.
 */
export function axisOrderOnto(grid: Grid, target: Grid): AxisOrder | undefined {
  const own = axisDirections(grid.affine);
  const wanted = axisDirections(target.affine);
  const cosines = perAxis((axis) =>
    perAxis((other) => axes.reduce<number>((sum, row) => sum + wanted[axis][row] * own[other][row], 0)),
  );
  const from = perAxis((axis) => largest(axes, (other) => Math.abs(cosines[axis][other])));
  if (new Set(from).size !== 3) return undefined;
  const order = { from, flip: perAxis((axis) => cosines[axis][from[axis]] < 0) };
  const result = reorientedGrid(grid, order);
  return sameShape(result.shape, target.shape) && samePlaces(result, target) ? order : undefined;
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
