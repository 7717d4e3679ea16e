import { DomainError } from '../domain-error.js';
import { defaultGridTolerance, type GridDistance } from '../image/affine.js';
import { reorientInto, type AxisOrder } from '../image/axis-order.js';
import { closestOrderOnto, orientationCode, type ClosestOrder } from '../image/orientation.js';
import { formatShape, type Grid, type LabelMap, type StoredImage, type StoredValues } from '../image/grid.js';

/** A grid and the file that it was read from, for error messages. */
interface Sourced {
  readonly source: string;
  readonly grid: Grid;
}

/** Whether two grids count as the same although their headers place voxels apart: up to this fraction of a voxel edge. */
export interface GridTolerance {
  readonly gridToleranceVoxels?: number | undefined;
}

/** What was brought onto the reference's grid, and by how much its voxels were apart. */
export interface OnGrid<Values extends StoredValues> {
  readonly grid: Grid;
  readonly values: Values;
  readonly distance: GridDistance;
}

/**
 * The image on the reference's grid: unchanged if the grids agree, with axes permuted and flipped if that makes them
 * agree. Otherwise throws IMAGE_GEOMETRY_MISMATCH, naming both files and how far apart their voxels are.
 */
export function imageOnto(
  reference: Sourced,
  { source, image }: { readonly source: string; readonly image: StoredImage },
  tolerance: GridTolerance,
): OnGrid<StoredValues> {
  return valuesOnto(reference, { source, ...image }, rulesFor('image', tolerance));
}

/** Whether two grids have the same voxels, in whatever order and direction of axes. */
export function sharesVoxels(
  grid: Grid,
  other: Grid,
  { gridToleranceVoxels = defaultGridTolerance }: GridTolerance,
): boolean {
  const closest = closestOrderOnto(grid, other);
  return closest !== undefined && closest.distance.voxels <= gridToleranceVoxels;
}

/** `imageOnto` for label maps. */
export function labelOnto(
  reference: Sourced,
  { source, map }: { readonly source: string; readonly map: LabelMap },
  tolerance: GridTolerance,
): OnGrid<Uint8Array> {
  return valuesOnto(reference, { source, ...map }, rulesFor('mask', tolerance));
}

const remedies = {
  image: 'preprocessing.align: toFirst interpolates onto the grid of the first',
  mask: '"volbias resample MASK OUT --mask --like IMAGE" brings a mask onto the grid of its image',
} as const;

function rulesFor(
  what: keyof typeof remedies,
  { gridToleranceVoxels = defaultGridTolerance }: GridTolerance,
): OntoRules {
  const limit = `the data set's gridToleranceVoxels is ${gridToleranceVoxels}`;
  return { toleranceVoxels: gridToleranceVoxels, limit, remedy: remedies[what] };
}

/** Throws what `imageOnto` or `labelOnto` would throw, before any values have been read. */
export function expectOnGrid(
  what: keyof typeof remedies,
  { reference, own }: { readonly reference: Sourced; readonly own: Sourced },
  tolerance: GridTolerance,
): void {
  orderOnto(reference, own, rulesFor(what, tolerance));
}

interface OntoRules {
  /** As a fraction of the smallest voxel edge. */
  readonly toleranceVoxels: number;
  /** What an error says of the tolerance, and of what can be done. */
  readonly limit: string;
  readonly remedy: string;
}

/** Values on the reference's grid, as in `imageOnto`. */
export function valuesOnto<Values extends StoredValues>(
  reference: Sourced,
  own: Sourced & { readonly values: Values },
  rules: OntoRules,
): OnGrid<Values> {
  const { order, distance } = orderOnto(reference, own, rules);
  return { grid: reference.grid, values: reordered(own.values, own.grid, order), distance };
}

function orderOnto(reference: Sourced, own: Sourced, { toleranceVoxels, limit, remedy }: OntoRules): ClosestOrder {
  const closest = closestOrderOnto(own.grid, reference.grid);
  if (closest !== undefined && closest.distance.voxels <= toleranceVoxels) return closest;
  if ([own, reference].every(({ grid }) => isPicture(grid))) throw differentPictures(own, reference);
  const files = `${own.source} (${description(own.grid)}) and ${reference.source} (${description(reference.grid)})`;
  const apart = closest === undefined ? '' : `: ${distanceText(closest.distance)}, and ${limit}`;
  throw new DomainError('IMAGE_GEOMETRY_MISMATCH', `${files} do not share the same voxel grid${apart}; ${remedy}`, {
    files: [own.source, reference.source],
    grids: [own.grid, reference.grid],
  });
}

/** Pictures have pixels of size 1 and no place in space. */
function isPicture({ shape, spacingMm }: Grid): boolean {
  return shape[2] === 1 && spacingMm.every((length) => length === 1);
}

function differentPictures(own: Sourced, reference: Sourced): DomainError {
  const [first, second] = [own, reference].map(
    ({ source, grid: { shape } }) => `${source} (${shape[0]} × ${shape[1]})`,
  );
  const message = `${first} and ${second} differ in width or height, in pixels; an image and its mask must have the same`;
  return new DomainError('IMAGE_GEOMETRY_MISMATCH', message, {
    files: [own.source, reference.source],
    grids: [own.grid, reference.grid],
  });
}

function distanceText({ mm, voxels }: GridDistance): string {
  return `their voxels are up to ${Number(mm.toPrecision(3))} mm apart, ${voxels} of a voxel edge`;
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
