import type { Triple } from '../../domain/image/grid.js';
import type { Dimensions } from '../../domain/training/networks/network.js';

/** Number of entries over the given axes; 1 for no axes. */
export function entryCount(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/**
 * Defines the axis order of tensors: [case, z, y, x, channel] in 3D and [case, y, x, channel] in 2D, last axis fastest.
 * Images have x fastest, so a case's voxels are in the same order in both; only channels are interleaved.
 */
export function tensorShape(dimensions: Dimensions, cases: number, shape: Triple, channels: number): readonly number[] {
  const [x, y, z] = shape;
  return dimensions === 2 ? [cases, y, x, channels] : [cases, z, y, x, channels];
}
