import { DomainError } from '../domain-error.js';
import { formatShape, perAxis, voxelCount, type Grid, type Triple } from '../image/grid.js';

/** Voxels that preparing or resampling may make, over all images together, unless a setting says otherwise: 0.5 GiB as float32. */
export const defaultMaxVoxels = 2 ** 27;

export interface OutputSize {
  /** The file that the grid comes from, and how its voxels are placed. */
  readonly source: string;
  readonly grid: Grid;
  /** Shape of each new image, and their number. */
  readonly shape: Triple;
  readonly images: number;
  readonly maxVoxels: number;
  /** The setting or option that raises the limit, for the message. */
  readonly setting: string;
  /** The setting that replaces a wrong spacing, if there is one. */
  readonly spacingSetting?: string;
}

/**
 * Throws FILE_TOO_LARGE if the new images have more voxels than allowed. To be called before anything is allocated: a
 * wrong spacing in a small file otherwise takes all memory.
 */
export function checkOutputSize(size: OutputSize): void {
  const { source, grid, shape, images, maxVoxels, setting, spacingSetting } = size;
  const voxels = voxelCount(shape) * images;
  if (voxels <= maxVoxels) return;
  const product = (factors: Triple): string => perAxis((axis) => rounded(factors[axis])).join('×');
  const what = images === 1 ? 'the new image' : `each of ${images} new images`;
  throw new DomainError(
    'FILE_TOO_LARGE',
    `${source}: ${what} would have ${product(shape)} voxels, ${rounded(voxels)} in all; at most ${maxVoxels} are allowed ` +
      `(${setting}). The file has ${formatShape(grid.shape)} voxels with a spacing of ${product(grid.spacingMm)} mm` +
      (spacingSetting === undefined ? '' : `; if that is wrong, set ${spacingSetting}`),
    { source, voxels, limit: maxVoxels },
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
