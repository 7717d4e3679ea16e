import type { GridAxes } from '../preprocess/resampled-axis.js';
import { voxelVolumeMm3 } from '../image/affine.js';
import type { Grid } from '../image/grid.js';

/** Volume units: millilitres in 3D, hundreds of pixels (of the prepared image) in 2D. */
export type VolumeUnit = 'ml' | 'hundredPixels';

/** The volume of one voxel, v in Eq. 2. */
export interface VoxelSize {
  readonly voxelVolume: number;
  readonly unit: VolumeUnit;
}

/** A 2D pixel is a hundredth of 10² pixels. */
export const pixelSize: VoxelSize = { voxelVolume: 0.01, unit: 'hundredPixels' };

/** A voxel of a 3D grid: |det| of its affine, which for sheared axes is less than the product of spacings; 1000 mm³ = 1 ml. */
export function voxelSizeInMillilitres(grid: Pick<Grid, 'affine'>): VoxelSize {
  return { voxelVolume: voxelVolumeMm3(grid) / 1000, unit: 'ml' };
}

/** The size of a voxel or pixel of an image with these dimensions; the grid counts in 3D only. */
export function voxelSizeOf(dimensions: 2 | 3, grid: Pick<Grid, 'affine'>): VoxelSize {
  return dimensions === 2 ? pixelSize : voxelSizeInMillilitres(grid);
}

/**
 * The size of a voxel or pixel of the original image. In 2D a prepared pixel is a hundredth of 10² pixels, and an
 * original one the part of it that `axes`, the prepared grid's axes in original pixels, say.
 */
export function originalVoxelSize(dimensions: 2 | 3, grid: Pick<Grid, 'affine'>, axes: GridAxes): VoxelSize {
  if (dimensions === 3) return voxelSizeInMillilitres(grid);
  return { ...pixelSize, voxelVolume: pixelSize.voxelVolume / (axes[0].step * axes[1].step) };
}

/** The unit as displayed. */
export function unitLabel(unit: VolumeUnit): string {
  return unit === 'ml' ? 'ml' : '10² px';
}
