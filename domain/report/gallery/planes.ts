import { reorientedGrid, reorientInto, type AxisOrder } from '../../image/axis-order.js';
import { axes, perAxis, type Affine, type Axis, type Grid, type StoredValues, type Triple } from '../../image/grid.js';
import { orientationCode } from '../../image/orientation.js';

export type PlaneName = 'axial' | 'coronal' | 'sagittal' | 'picture';

/** How a slice is drawn: its columns and rows are axes of the reoriented image. */
interface Plane {
  readonly name: PlaneName;
  readonly column: Axis;
  readonly row: Axis;
  readonly through: Axis;
  /** What lies at the left, right, top and bottom; null for pictures. */
  readonly edges: {
    readonly left: string;
    readonly right: string;
    readonly top: string;
    readonly bottom: string;
  } | null;
}

/** Radiological convention: the patient's right is at the left; sagittal slices are seen from the left. */
const planesOfVolume: readonly Plane[] = [
  { name: 'axial', column: 0, row: 1, through: 2, edges: { left: 'R', right: 'L', top: 'A', bottom: 'P' } },
  { name: 'coronal', column: 0, row: 2, through: 1, edges: { left: 'R', right: 'L', top: 'S', bottom: 'I' } },
  { name: 'sagittal', column: 1, row: 2, through: 0, edges: { left: 'A', right: 'P', top: 'S', bottom: 'I' } },
];

const planesOfPicture: readonly Plane[] = [{ name: 'picture', column: 0, row: 1, through: 2, edges: null }];

/** The place of a slice in the reoriented image. */
export interface SlicePlace extends Plane {
  readonly index: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Of a pixel, in mm. */
  readonly spacingMm: readonly [number, number];
}

/** An image whose slices can be cut. */
export interface Sliceable {
  readonly shape: Triple;
  readonly values: StoredValues;
}

/**
 * The image with its axes as slices are drawn: a volume is turned in steps of 90° so that x runs to the left, y to the back
 * and z to the feet, each as nearly as it can; a picture stays as it is.
 */
export function turnedForDisplay(
  grid: Grid,
  dimensions: 2 | 3,
): { readonly grid: Grid; readonly turn: (values: StoredValues) => Sliceable } {
  if (dimensions === 2) return { grid, turn: (values) => ({ shape: grid.shape, values }) };
  const order = displayOrder(grid.affine);
  const turned = reorientedGrid(grid, order);
  return {
    grid: turned,
    turn: (values) => {
      const target: StoredValues = values.slice();
      reorientInto(target, values, grid.shape, order);
      return { shape: turned.shape, values: target };
    },
  };
}

/** The letters of an axis that runs to the left, back or feet, and of one that runs the other way. */
const ways = ['LR', 'PA', 'IS'] as const;

function displayOrder(affine: Affine): AxisOrder {
  const code = orientationCode(affine);
  // Each pair of letters has exactly one axis.
  const from = perAxis((axis) => axes.find((own) => ways[axis].includes(code[own] ?? '-')) ?? axis);
  return { from, flip: perAxis((axis) => code[from[axis]] === ways[axis][1]) };
}

/** In each plane the slice with the most structure, the first of equal ones; the middle one of an empty mask. */
export function slicePlaces(grid: Grid, label: Sliceable, dimensions: 2 | 3): SlicePlace[] {
  const planes = dimensions === 2 ? planesOfPicture : planesOfVolume;
  return planes.map((plane) => ({
    ...plane,
    index: fullestSlice(label, plane.through),
    width: grid.shape[plane.column],
    height: grid.shape[plane.row],
    spacingMm: [grid.spacingMm[plane.column], grid.spacingMm[plane.row]],
  }));
}

function fullestSlice({ shape, values }: Sliceable, through: Axis): number {
  const sums = new Array<number>(shape[through]).fill(0);
  const strides = stridesOf(shape);
  for (let i = 0; i < values.length; i++) {
    const index = Math.floor(i / strides[through]) % shape[through];
    sums[index] = (sums[index] as number) + (values[i] as number); // both in range
  }
  const most = Math.max(...sums);
  return most > 0 ? sums.indexOf(most) : Math.floor(shape[through] / 2);
}

/** The slice's values, row by row from the top. */
export function sliceOf(
  { shape, values }: Sliceable,
  { column, row, through, index, width, height }: SlicePlace,
): Float32Array {
  const strides = stridesOf(shape);
  const slice = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // In range: the place is one of this shape.
      slice[y * width + x] = values[index * strides[through] + y * strides[row] + x * strides[column]] as number;
    }
  }
  return slice;
}

function stridesOf(shape: Triple): Triple {
  return [1, shape[0], shape[0] * shape[1]];
}
