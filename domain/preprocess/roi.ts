import { DomainError } from '../domain-error.js';
import type { LabelMap, Triple } from '../image/grid.js';
import type { GridAxes, ResampledAxis } from './resampled-axis.js';

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

/**
 * The axes of the region's blocks, in pixels of the picture. `boxMean` on them averages the pixels of each block; pixels
 * outside the picture count as 0.
 */
export function roiAxes({ left, top, sizePixels, downsample }: Roi): GridAxes {
  const along = (first: number): ResampledAxis => ({
    length: sizePixels / downsample,
    start: first + (downsample - 1) / 2,
    step: downsample,
  });
  return [along(left), along(top), { length: 1, start: 0, step: 1 }];
}

/** The part of a region that lies within its picture, in whole blocks: from the first up to, but without, the second. */
export interface PictureWindow {
  readonly columns: readonly [number, number];
  readonly rows: readonly [number, number];
}

/** Undefined if all of the region lies within the picture. Blocks that reach beyond its edge lie outside. */
export function windowInPicture(axes: GridAxes, [width, height]: Triple): PictureWindow | undefined {
  const columns = blocksInside(axes[0], width);
  const rows = blocksInside(axes[1], height);
  const isWhole = ([from, to]: readonly [number, number], { length }: ResampledAxis): boolean =>
    from === 0 && to === length;
  return isWhole(columns, axes[0]) && isWhole(rows, axes[1]) ? undefined : { columns, rows };
}

/** Block t covers the pixels from start + (t − ½) step to start + (t + ½) step; the picture covers −½ to length − ½. */
function blocksInside({ length, start, step }: ResampledAxis, pixels: number): readonly [number, number] {
  const from = Math.ceil((-0.5 - start) / step + 0.5);
  const to = Math.floor((pixels - 0.5 - start) / step + 0.5);
  return [Math.min(Math.max(from, 0), length), Math.min(Math.max(to, 0), length)];
}

/** Sets a map of the region to 0 outside the window. */
export function clearOutside(
  values: Float32Array | Float64Array | Uint8Array,
  width: number,
  window: PictureWindow,
): void {
  const [left, right] = window.columns;
  const [top, bottom] = window.rows;
  for (let i = 0; i < values.length; i++) {
    const x = i % width;
    const y = Math.floor(i / width);
    if (x < left || x >= right || y < top || y >= bottom) values[i] = 0;
  }
}
