import type { GridDistance } from '../image/affine.js';
import type { Grid, StoredImage } from '../image/grid.js';
import { alignImage } from './align.js';
import { imageOnto, sharesVoxels, type GridTolerance } from './one-geometry.js';

export interface ShiftedFile {
  /** A modality, or mask. */
  readonly of: string;
  readonly distanceMm: number;
}

/** Smaller distances, as fractions of a voxel edge, come from rounding in single-precision headers. */
const leastShiftVoxels = 0.05;

export interface AlignedModality {
  readonly modality: string;
  /** Voxels of the first modality's grid outside this one's field of view; they are 0. */
  readonly outsideVoxels: number;
}

interface ReadModality {
  readonly modality: string;
  readonly source: string;
  readonly image: StoredImage;
}

interface AlignmentSettings extends GridTolerance {
  readonly dimensions: 2 | 3;
  readonly align?: 'none' | 'toFirst' | undefined;
}

/** A file's distance from the reference's grid, if it is more than rounding. */
export function shiftOf(of: string, { mm, voxels }: GridDistance): ShiftedFile[] {
  return voxels > leastShiftVoxels ? [{ of, distanceMm: Number(mm.toPrecision(3)) }] : [];
}

/** The images on the reference's grid, which of them had to be interpolated for it, and which are only said to be on it. */
export function onOneGrid(
  reference: { readonly source: string; readonly grid: Grid },
  images: readonly ReadModality[],
  { dimensions, align, gridToleranceVoxels }: AlignmentSettings,
): {
  readonly images: readonly StoredImage[];
  readonly moved: readonly AlignedModality[];
  readonly shifted: readonly ShiftedFile[];
} {
  const moved: AlignedModality[] = [];
  const shifted: ShiftedFile[] = [];
  const tolerance = { gridToleranceVoxels };
  const onGrid = images.map((own): StoredImage => {
    const fits = dimensions === 2 || align !== 'toFirst' || sharesVoxels(own.image.grid, reference.grid, tolerance);
    if (fits) {
      const { distance, ...image } = imageOnto(reference, own, tolerance);
      shifted.push(...shiftOf(own.modality, distance));
      return image;
    }
    const { values, outsideVoxels } = alignImage(own.image, reference.grid);
    moved.push({ modality: own.modality, outsideVoxels });
    return { grid: reference.grid, values };
  });
  return { images: onGrid, moved, shifted };
}
