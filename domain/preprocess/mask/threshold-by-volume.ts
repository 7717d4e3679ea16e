import type { Triple } from '../../image/grid.js';

/** Coverages and their sums are compared to four decimals, so that rounding in a header cannot decide a tie. */
const levels = 10_000;

/** Shifts the bounds between levels away from the short decimal fractions that coverages are, on which ties would split. */
const shift = 0.618_034;

const levelOf = (share: number): number => Math.floor(share * levels + shift);

/** A half blurred by rounding counts as a half, which is rounded up: half a voxel of structure remains one. */
const halfTolerance = 1e-6;

/**
 * The mask whose volume comes nearest to that of the coverage: as many voxels as the coverages add up to, rounded (halves
 * up), those with the highest coverage. The volume thus changes by at most half a voxel.
 *
 * Where the last voxels tie, those with more structure around them (the sum of the coverages of the 3×3×3 voxels about
 * them) come first, so that the mask grows evenly on all sides; remaining ties follow the order of the voxels. A
 * structure below half a voxel vanishes; an empty one stays empty.
 *
 * `coverage`: the share of each voxel that belongs to the structure, 0 to 1, x fastest.
 */
export function thresholdByVolume(coverage: Float64Array, shape: Triple): Uint8Array {
  const { level, count, atOrAbove } = levelsOf(coverage);
  const mask = new Uint8Array(coverage.length);
  if (count === 0) return mask;
  let threshold = levels;
  while (threshold > 0 && (atOrAbove[threshold] as number) < count) threshold--;
  const tied: number[] = [];
  let chosen = 0;
  for (let i = 0; i < level.length; i++) {
    if ((level[i] as number) > threshold) {
      mask[i] = 1;
      chosen++;
    } else if (level[i] === threshold) tied.push(i);
  }
  for (const i of firstOfTied(tied, count - chosen, coverage, shape)) mask[i] = 1;
  return mask;
}

function levelsOf(coverage: Float64Array): { level: Uint16Array; count: number; atOrAbove: Int32Array } {
  const level = new Uint16Array(coverage.length);
  const atOrAbove = new Int32Array(levels + 2);
  let total = 0;
  for (let i = 0; i < coverage.length; i++) {
    const share = coverage[i] as number; // in range, as all indices here
    total += share;
    const own = levelOf(share);
    level[i] = own;
    atOrAbove[own] = (atOrAbove[own] as number) + 1;
  }
  for (let l = levels; l >= 0; l--) atOrAbove[l] = (atOrAbove[l] as number) + (atOrAbove[l + 1] as number);
  return { level, count: Math.floor(total + 0.5 + halfTolerance), atOrAbove };
}

function firstOfTied(tied: readonly number[], count: number, coverage: Float64Array, shape: Triple): readonly number[] {
  if (tied.length === count) return tied;
  const around = new Map(tied.map((index) => [index, levelOf(sumAround(index, coverage, shape))]));
  const key = (index: number): number => around.get(index) ?? 0;
  return tied.toSorted((a, b) => key(b) - key(a) || a - b).slice(0, count);
}

/** The sum of the coverages of the 3×3×3 voxels about a voxel, as far as they lie in the grid. */
function sumAround(index: number, coverage: Float64Array, [width, height, depth]: Triple): number {
  const x = index % width;
  const y = Math.floor(index / width) % height;
  const z = Math.floor(index / (width * height));
  let sum = 0;
  for (let k = Math.max(0, z - 1); k <= Math.min(depth - 1, z + 1); k++) {
    for (let j = Math.max(0, y - 1); j <= Math.min(height - 1, y + 1); j++) {
      for (let i = Math.max(0, x - 1); i <= Math.min(width - 1, x + 1); i++) {
        sum += coverage[i + width * (j + height * k)] as number;
      }
    }
  }
  return sum;
}
