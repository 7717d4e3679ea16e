import { diagonalAffine } from '../../domain/image/affine.js';
import { voxelCount, type Grid } from '../../domain/image/grid.js';
import { randomStream } from '../../domain/random/random-stream.js';

/** The grid of BRATS's images. */
export const bratsGrid: Grid = { shape: [240, 240, 155], spacingMm: [1, 1, 1], affine: diagonalAffine([1, 1, 1]) };

export const bratsFiles = ['flair', 't1', 't1ce', 't2', 'seg'] as const;

/**
 * The voxels of one file: a noisy ball of "brain" on a background of 0, as skull-stripped MRI is, with a smaller ball as
 * the structure. Each `seed` has noise of its own.
 */
export function bratsVoxels(file: (typeof bratsFiles)[number], seed: number): Int16Array {
  const [sizeX, sizeY, sizeZ] = bratsGrid.shape;
  const random = randomStream(seed, 'bench', file);
  const base = 200 + 100 * bratsFiles.indexOf(file);
  const values = new Int16Array(voxelCount(bratsGrid.shape));
  let at = 0;
  for (let z = 0; z < sizeZ; z++) {
    for (let y = 0; y < sizeY; y++) {
      for (let x = 0; x < sizeX; x++, at++) {
        const distance = Math.hypot((x - sizeX / 2) / 70, (y - sizeY / 2) / 85, (z - sizeZ / 2) / 65);
        if (distance > 1) continue;
        const structure = Math.hypot(x - 90, y - 120, z - 80) < 22;
        if (file === 'seg') values[at] = structure ? 1 + (x % 2) : 0;
        else values[at] = Math.round(base + 150 * (1 - distance) + (structure ? 120 : 0) + 40 * random.uniform());
      }
    }
  }
  return values;
}
