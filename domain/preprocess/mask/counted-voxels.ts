import { voxelCount, type Triple } from '../../image/grid.js';
import { centralCrop } from '../crop.js';

/**
 * The voxels of a central crop that count: 1 where the crop shows the image inside its mask, 0 at padding and outside
 * the mask; without a mask the whole image counts. A region of interest that reaches beyond its picture has a mask that
 * ends there. Undefined if every voxel of the crop counts.
 *
 * Losses run over these voxels only, and ŷ is 0 at all others, so a network learns from the voxels whose ŷ is measured.
 * Padding never reaches the evaluation; in a loss it would bias a network towards small volumes.
 */
export function countedVoxels(
  { shape, mask }: { readonly shape: Triple; readonly mask?: Uint8Array },
  cropShape: Triple,
): Uint8Array | undefined {
  const isPadded = cropShape.some((length, axis) => length > (shape[axis] ?? 0));
  if (mask === undefined && !isPadded) return undefined;
  return centralCrop({ values: mask ?? new Uint8Array(voxelCount(shape)).fill(1), shape }, cropShape);
}
