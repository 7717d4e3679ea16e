import { DomainError } from '../domain-error.js';
import { reorientInto, type AxisOrder } from '../image/axis-order.js';
import { axisOrderOnto, orientationCode } from '../image/orientation.js';
import { formatShape, type Grid, type LabelMap, type StoredImage, type StoredValues } from '../image/grid.js';

/** A grid and the file that it was read from, for error messages. */
interface Sourced {
  readonly source: string;
  readonly grid: Grid;
}

/**
 * The image on the reference's grid: unchanged if the grids agree, with axes permuted and flipped if that makes them
 * agree. Otherwise throws IMAGE_GEOMETRY_MISMATCH, naming both files.
 */
export function imageOnto(
  reference: Sourced,
  own: { readonly source: string; readonly image: StoredImage },
): StoredImage {
  const { image, source } = own;
  const remedy = '; preprocessing.align: toFirst interpolates onto the grid of the first';
  const order = orderOnto(reference, { source, grid: image.grid }, remedy);
  return { grid: reference.grid, values: reordered(image.values, image.grid, order) };
}

/** Whether two grids have the same voxels, in whatever order and direction of axes. */
export function sharesVoxels(grid: Grid, other: Grid): boolean {
  return axisOrderOnto(grid, other) !== undefined;
}

/** `imageOnto` for label maps. */
export function labelOnto(reference: Sourced, own: { readonly source: string; readonly map: LabelMap }): LabelMap {
  const { map, source } = own;
  const order = orderOnto(reference, { source, grid: map.grid });
  return { grid: reference.grid, values: reordered(map.values, map.grid, order) };
}

function orderOnto(reference: Sourced, own: Sourced, remedy = ''): AxisOrder {
  const order = axisOrderOnto(own.grid, reference.grid);
  if (order === undefined) {
    throw new DomainError(
      'IMAGE_GEOMETRY_MISMATCH',
      `${own.source} (${description(own.grid)}) and ${reference.source} (${description(reference.grid)}) do not share the same voxel grid${remedy}`,
      { files: [own.source, reference.source], grids: [own.grid, reference.grid] },
    );
  }
  return order;
}

function description({ shape, spacingMm, affine }: Grid): string {
  const rounded = (values: readonly number[]): string => values.map((value) => Number(value.toFixed(3))).join(', ');
  const origin = rounded(affine.map((row) => row[3]));
  return `${formatShape(shape)}, spacing ${rounded(spacingMm)}, ${orientationCode(affine)}, origin ${origin}`;
}

function reordered<Values extends StoredValues>(values: Values, { shape }: Grid, order: AxisOrder): Values {
  const unchanged = order.from.every((axis, index) => axis === index) && !order.flip.includes(true);
  if (unchanged) return values;
  const target = values.slice() as Values; // same class, which the compiler cannot infer
  reorientInto(target, values, shape, order);
  return target;
}
