import type { Triple } from '../../image/grid.js';
import { takeStructures } from './take-structures.js';

/** Shares and their sums are compared to four decimals, so that rounding in a header cannot decide a tie. */
const levels = 10_000;

/** Shifts the bounds between levels away from the short decimal fractions that coverages are, on which ties would split. */
const shift = 0.618_034;

const levelOf = (share: number): number => Math.floor(share * levels + shift);

/** A half blurred by rounding counts as a half, which is rounded up: half a voxel of structure remains one. */
const halfTolerance = 1e-6;

interface StructuresToDraw {
  /** The share of each voxel that belongs to a structure, 0 to 1, x fastest. */
  readonly coverage: Float64Array;
  readonly shape: Triple;
  /** By which voxels come first, 0 to 1; the coverage if absent. */
  readonly preference?: Float64Array;
}

/**
 * The mask whose volume comes nearest to that of the coverage: as many voxels as the coverages add up to, rounded (halves
 * up), so the volume changes by at most half a voxel.
 *
 * Each structure (covered voxels that share faces) keeps its own volume to less than a voxel: it has the whole number of
 * voxels in its coverage, and the rest go to the structures with the largest remainders. Where voxels tie, a small
 * structure would otherwise vanish beside a large one, whose voxels have more structure around them.
 *
 * Within a structure come first the voxels with the highest preference; of equal ones those with more of it around them
 * (the sum over the 3×3×3 voxels about them), so that the mask grows evenly on all sides; of those that remain equal the
 * first and the last in the order of the voxels alike, so that the mask does not shift to one side.
 */
export function thresholdByVolume({ coverage, shape, preference = coverage }: StructuresToDraw): Uint8Array {
  const mask = new Uint8Array(coverage.length);
  const count = Math.floor(sumOf(coverage) + 0.5 + halfTolerance);
  for (let i = 0; i < mask.length; i++) mask[i] = levelOf(coverage[i] as number) > 0 ? 1 : 0; // in range, as all voxels here
  const structures = takeStructures(mask, shape);
  const volumes = structures.map((voxels) => voxels.reduce((sum, voxel) => sum + (coverage[voxel] as number), 0));
  const counts = sharedOut(count, volumes);
  structures.forEach((voxels, structure) => {
    for (const part of foremost(voxels, counts[structure] ?? 0, preference, shape)) {
      for (const voxel of part) mask[voxel] = 1;
    }
  });
  return mask;
}

/**
 * Shares out voxels by largest remainders: each structure has the whole part of its volume, and those with the largest
 * remainders one more, of equal remainders the first.
 */
function sharedOut(count: number, volumes: readonly number[]): number[] {
  const counts = volumes.map((volume) => Math.floor(volume + halfTolerance));
  const remainders = volumes.map((volume, structure) => levelOf(volume - (counts[structure] ?? 0)));
  const order = [...volumes.keys()].sort((a, b) => (remainders[b] ?? 0) - (remainders[a] ?? 0) || a - b);
  const left = count - counts.reduce((sum, own) => sum + own, 0);
  for (const structure of order.slice(0, Math.max(0, left))) counts[structure] = (counts[structure] ?? 0) + 1;
  return counts;
}

/** The `count` voxels of a structure that come first, in parts. */
function foremost(voxels: Int32Array, count: number, preference: Float64Array, shape: Triple): readonly Int32Array[] {
  const own = highest(voxels, count, (voxel) => levelOf(preference[voxel] as number)); // in range
  const around = highest(own.tied, count - own.above.length, (voxel) => levelOf(sumAround(voxel, preference, shape)));
  const left = count - own.above.length - around.above.length;
  const fromTheEnd = Math.floor(left / 2);
  const ends = [around.tied.subarray(0, left - fromTheEnd), around.tied.subarray(around.tied.length - fromTheEnd)];
  return [own.above, around.above, ...ends];
}

/** The voxels that are among the `count` highest whatever the order of ties, and those that tie for the other places. */
function highest(
  voxels: Int32Array,
  count: number,
  levelOfVoxel: (voxel: number) => number,
): { readonly above: Int32Array; readonly tied: Int32Array } {
  if (count >= voxels.length) return { above: voxels, tied: new Int32Array(0) };
  const own = Int32Array.from(voxels, levelOfVoxel);
  const limit = count === 0 ? Infinity : (own.toSorted()[voxels.length - count] as number); // in range
  return {
    above: voxels.filter((_, index) => (own[index] as number) > limit),
    tied: voxels.filter((_, index) => own[index] === limit),
  };
}

/** The sum over the 3×3×3 voxels about a voxel, as far as they lie in the grid. */
function sumAround(index: number, values: Float64Array, [width, height, depth]: Triple): number {
  const x = index % width;
  const y = Math.floor(index / width) % height;
  const z = Math.floor(index / (width * height));
  let sum = 0;
  for (let k = Math.max(0, z - 1); k <= Math.min(depth - 1, z + 1); k++) {
    for (let j = Math.max(0, y - 1); j <= Math.min(height - 1, y + 1); j++) {
      for (let i = Math.max(0, x - 1); i <= Math.min(width - 1, x + 1); i++) {
        sum += values[i + width * (j + height * k)] as number; // in range
      }
    }
  }
  return sum;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
