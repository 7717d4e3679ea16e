import { DomainError } from '../domain-error.js';
import { affineOfSteps } from '../image/affine.js';
import { type Grid, type LabelMap, type ScalarImage, type StoredImage, type StoredValues } from '../image/grid.js';

export interface RoiSettings {
  /** Edge of the square region of interest, in pixels of the original image. */
  readonly sizePixels: number;
  /** Edge of the pixel blocks that are averaged into one pixel; divides `sizePixels`. */
  readonly downsample: number;
}

/** A square window of a 2D image: its first column and row (which may lie outside the image) and its settings. */
export interface Roi extends RoiSettings {
  readonly left: number;
  readonly top: number;
}

/**
 * The region of interest around the geometrical centre of the structure: the window starts half its size before the
 * mean pixel coordinates, rounded down (so it is centred to within half a pixel). Throws LABEL_INVALID if the mask is
 * empty, ARGUMENT_INVALID if the image has more than one slice or the block size does not divide the window.
 */
export function roiAroundStructure({ grid, values }: LabelMap, settings: RoiSettings): Roi {
  const [width, height, depth] = grid.shape;
  if (depth !== 1)
    throw new DomainError(
      'ARGUMENT_INVALID',
      `a region of interest needs a 2D image, but this one has ${depth} slices`,
    );
  if (settings.sizePixels % settings.downsample !== 0) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `cannot divide a region of ${settings.sizePixels} pixels into blocks of ${settings.downsample}`,
    );
  }
  let count = 0;
  let sumX = 0;
  let sumY = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (values[x + width * y] !== 1) continue;
      count++;
      sumX += x;
      sumY += y;
    }
  }
  if (count === 0) throw new DomainError('LABEL_INVALID', 'its mask is empty, so the region of interest has no centre');
  const begin = (sum: number): number => Math.floor(sum / count - (settings.sizePixels - 1) / 2);
  return { ...settings, left: begin(sumX), top: begin(sumY) };
}

/** The region of interest of an image, averaged over blocks; pixels outside the image count as 0. */
export function cutRoi({ grid, values }: StoredImage, roi: Roi): ScalarImage {
  return { grid: roiGrid(grid, roi), values: Float32Array.from(blockMeans({ grid, values }, roi)) };
}

/** The region of interest of a mask: block average, then thresholded at 0.5 (inclusive). */
export function cutRoiLabel({ grid, values }: LabelMap, roi: Roi): LabelMap {
  return {
    grid: roiGrid(grid, roi),
    values: Uint8Array.from(blockMeans({ grid, values }, roi), (mean) => (mean >= 0.5 ? 1 : 0)),
  };
}

function roiGrid(grid: Grid, { left, top, sizePixels, downsample }: Roi): Grid {
  const middle = (downsample - 1) / 2;
  const size = sizePixels / downsample;
  return {
    shape: [size, size, 1],
    spacingMm: [grid.spacingMm[0] * downsample, grid.spacingMm[1] * downsample, grid.spacingMm[2]],
    affine: affineOfSteps(grid.affine, [left + middle, top + middle, 0], [downsample, downsample, 1]),
  };
}

function blockMeans(
  { grid, values }: { readonly grid: Grid; readonly values: StoredValues },
  { left, top, sizePixels, downsample }: Roi,
): Float64Array {
  const [width, height] = grid.shape;
  const size = sizePixels / downsample;
  const sums = new Float64Array(size * size);
  const [firstX, endX] = [Math.max(0, left), Math.min(width, left + sizePixels)];
  const [firstY, endY] = [Math.max(0, top), Math.min(height, top + sizePixels)];
  for (let y = firstY; y < endY; y++) {
    const row = size * Math.floor((y - top) / downsample);
    for (let x = firstX; x < endX; x++) {
      const block = row + Math.floor((x - left) / downsample);
      sums[block] = (sums[block] as number) + (values[x + width * y] as number); // both in range by the bounds above
    }
  }
  return sums.map((sum) => sum / (downsample * downsample));
}
