import type { Triple } from '../image/grid.js';

/** Units of every volume of the product: millilitres in 3D, hundreds of pixels (of the prepared image) in 2D. */
export type VolumeUnit = 'ml' | 'hundredPixels';

/** What one voxel adds to a volume, the v of Eq. 2. */
export interface VoxelSize {
  readonly voxelVolume: number;
  readonly unit: VolumeUnit;
}

/** A 2D pixel: a hundredth of 10² pixels. */
export const pixelSize: VoxelSize = { voxelVolume: 0.01, unit: 'hundredPixels' };

/** A 3D voxel of the given spacing in mm; 1000 mm³ are 1 ml. */
export function voxelSizeInMillilitres(spacingMm: Triple): VoxelSize {
  return { voxelVolume: (spacingMm[0] * spacingMm[1] * spacingMm[2]) / 1000, unit: 'ml' };
}

/** The unit as people write it. */
export function unitLabel(unit: VolumeUnit): string {
  return unit === 'ml' ? 'ml' : '10² px';
}
