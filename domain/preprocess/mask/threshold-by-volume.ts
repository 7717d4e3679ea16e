import type { Triple } from '../../image/grid.js';
import { takeStructures } from './take-structures.js';

/** Shares and their sums are compared to four decimals, so that rounding in a header cannot decide a tie. */
const levels = 10_000;

/** Shifts the bounds between levels away from the short decimal fractions that coverages are, on which ties would split. */
const shift = 0.618_034;

const levelOf = (share: number): number => Math.floor(share * levels + shift);

/** By how much rounding in a header can blur a volume. A half blurred by it is a half, which is rounded up. */
const toleranceOf = (volume: number): number => Math.min(0.01, 1e-6 * Math.max(1, volume));

interface StructuresToDraw {
  /** The share of each voxel that belongs to a structure, 0 to 1, x fastest. */
  readonly coverage: Float64Array;
  readonly shape: Triple;
  /** By which voxels come first, 0 to 1; the coverage if absent. */
  readonly preference?: Float64Array;
}

/**
 * The mask whose volume comes nearest to that of the coverage: as many voxels as the coverages add up to, rounded, halves
 * up (one half becomes a voxel, less vanishes), so the volume changes by at most half a voxel. Voxels covered by less than
 * 4e-5, which rounding in a header makes, do not count.
 *
 * Each structure (covered voxels that share faces, so structures less than a voxel apart are one) keeps its own volume to
 * less than a voxel: it has the whole number of voxels in its coverage, and the rest go to the structures with the largest
 * remainders. Where voxels tie, a small structure would otherwise vanish beside a large one, whose voxels have more
 * structure around them.
 *
 * Within a structure come first the voxels with the highest preference; of equal ones those with more of it around them
 * (the sum over the 3×3×3 voxels about them). Of those that remain equal, the chosen ones are spread evenly over their
 * order, which runs backwards in every second structure; so are structures with equal remainders. No part and no side of
 * the image is then preferred.
 */
export function thresholdByVolume({ coverage, shape, preference = coverage }: StructuresToDraw): Uint8Array {
  const mask = new Uint8Array(coverage.length);
  for (let i = 0; i < mask.length; i++) mask[i] = levelOf(coverage[i] as number) > 0 ? 1 : 0; // in range, as all voxels here
  const structures = takeStructures(mask, shape);
  const counts = sharedOut(
    structures.map((voxels) => voxels.reduce((sum, voxel) => sum + (coverage[voxel] as number), 0)),
  );
  structures.forEach((voxels, structure) => {
    const order = { preference, shape, isBackwards: structure % 2 === 1 };
    for (const part of foremost(voxels, counts[structure] ?? 0, order)) for (const voxel of part) mask[voxel] = 1;
  });
  return mask;
}

/**
 * The volumes in whole voxels that add up to their sum, rounded, by largest remainders: each has its whole part, and
 * those with the largest remainders have one more.
 */
function sharedOut(volumes: readonly number[]): number[] {
  const counts = volumes.map((volume) => Math.floor(volume + toleranceOf(volume)));
  const remainders = Int32Array.from(volumes, (volume, structure) => levelOf(volume - (counts[structure] ?? 0)));
  const total = volumes.reduce((sum, volume) => sum + volume, 0);
  const left = Math.floor(total + 0.5 + toleranceOf(total)) - counts.reduce((sum, count) => sum + count, 0);
  const all = Int32Array.from(volumes.keys());
  const { above, tied } = highest(all, Math.max(0, left), (structure) => remainders[structure] as number); // in range
  for (const structure of [...above, ...spread(tied, left - above.length)]) {
    counts[structure] = (counts[structure] ?? 0) + 1;
  }
  return counts;
}

/** The `count` voxels of a structure that come first, in parts. */
function foremost(
  voxels: Int32Array,
  count: number,
  {
    preference,
    shape,
    isBackwards,
  }: { readonly preference: Float64Array; readonly shape: Triple; readonly isBackwards: boolean },
): readonly Int32Array[] {
  const own = highest(voxels, count, (voxel) => levelOf(preference[voxel] as number)); // in range
  const around = highest(own.tied, count - own.above.length, (voxel) => levelOf(sumAround(voxel, preference, shape)));
  const left = count - own.above.length - around.above.length;
  return [own.above, around.above, spread(isBackwards ? around.tied.toReversed() : around.tied, left)];
}

/** `count` of the entries, at even distances. */
function spread(entries: Int32Array, count: number): Int32Array {
  const place = (index: number): number => Math.floor(((2 * index + 1) * entries.length) / (2 * count));
  return Int32Array.from({ length: Math.min(count, entries.length) }, (_, index) => entries[place(index)] as number); // in range
}

/** The entries that are among the `count` highest whatever the order of ties, and those that tie for the other places. */
function highest(
  entries: Int32Array,
  count: number,
  levelOfEntry: (entry: number) => number,
): { readonly above: Int32Array; readonly tied: Int32Array } {
  if (count >= entries.length) return { above: entries, tied: new Int32Array(0) };
  if (count <= 0) return { above: new Int32Array(0), tied: new Int32Array(0) };
  const own = Int32Array.from(entries, levelOfEntry);
  const limit = own.toSorted()[entries.length - count] as number; // in range
  return {
    above: entries.filter((_, index) => (own[index] as number) > limit),
    tied: entries.filter((_, index) => own[index] === limit),
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
