import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagonalAffine } from '../../../domain/image/affine.js';
import {
  perAxis,
  voxelCount,
  type Affine,
  type Grid,
  type LabelMap,
  type ScalarImage,
  type Triple,
} from '../../../domain/image/grid.js';
import { fixturesFolder } from '../paths.js';

export const imageFixtures = join(fixturesFolder, 'images');

/** A reference file of test/fixtures/images; make.py beside it says what stands in it. */
export function imageReference<T>(name: string): Record<string, T> {
  return JSON.parse(readFileSync(join(imageFixtures, name), 'utf8')) as Record<string, T>;
}

export function gridOf(shape: Triple, spacingMm: Triple = [1, 1, 1], affine?: Affine): Grid {
  return { shape, spacingMm, affine: affine ?? diagonalAffine(spacingMm) };
}

/** An image whose values are a function of the voxel's index. */
export function imageOf(grid: Grid, value: (x: number, y: number, z: number) => number): ScalarImage {
  const values = new Float32Array(voxelCount(grid.shape));
  const [sizeX, sizeY] = grid.shape;
  for (let i = 0; i < values.length; i++) {
    values[i] = value(i % sizeX, Math.floor(i / sizeX) % sizeY, Math.floor(i / (sizeX * sizeY)));
  }
  return { grid, values };
}

export function labelOf(grid: Grid, inside: (x: number, y: number, z: number) => boolean): LabelMap {
  const { values } = imageOf(grid, (x, y, z) => (inside(x, y, z) ? 1 : 0));
  return { grid, values: Uint8Array.from(values) };
}

/** Position in mm of a voxel: the affine's product with [x, y, z, 1]. */
export function positionMm(affine: Affine, voxel: Triple): Triple {
  return perAxis((row) => [...voxel, 1].reduce((sum, index, column) => sum + index * (affine[row][column] ?? NaN), 0));
}

/** The largest difference of two lists of numbers; Infinity if their lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return Array.from(a).reduce((largest, value, index) => Math.max(largest, Math.abs(value - (b[index] ?? NaN))), 0);
}
