import { voxelCount, type StoredValues, type Triple } from '../image/grid.js';
import type { GridAxes, ResampledAxis } from './resampled-axis.js';

/** The source voxels that each target voxel of an axis covers: `share[i]` of the target voxel lies in voxel `from + i`. */
interface AxisShares {
  readonly from: Int32Array;
  readonly shares: readonly Float64Array[];
}

interface MapToAverage {
  readonly values: StoredValues | Float64Array;
  readonly shape: Triple;
  /** The target's axes, in voxels of the map. */
  readonly axes: GridAxes;
}

/**
 * Averages a map over each voxel of another grid on the same axes: the exact integral of the map, constant within each
 * of its voxels and 0 outside its grid, divided by the size of the target voxel. The integral over all target voxels is
 * therefore that of the map over the target's field of view. Double precision; x fastest.
 *
 * Separable: planes are averaged along z, their rows along y, then the voxels of a row along x.
 */
export function boxMean({ values, shape, axes }: MapToAverage): Float64Array {
  const [alongX, alongY, alongZ] = [
    axisShares(axes[0], shape[0]),
    axisShares(axes[1], shape[1]),
    axisShares(axes[2], shape[2]),
  ];
  const [width, height, depth] = [axes[0].length, axes[1].length, axes[2].length];
  const result = new Float64Array(voxelCount([width, height, depth]));
  const source = new Float64Array(shape[0] * shape[1]);
  const slice = new Float64Array(shape[0] * shape[1]);
  const row = new Float64Array(shape[0]);
  let held = -1;
  for (let z = 0; z < depth; z++) {
    slice.fill(0);
    const sharesZ = alongZ.shares[z] as Float64Array; // one for each target voxel
    for (let i = 0; i < sharesZ.length; i++) {
      const from = (alongZ.from[z] as number) + i; // as above
      if (from !== held) source.set(values.subarray(from * source.length, (from + 1) * source.length));
      held = from;
      addInto(slice, source, 0, sharesZ[i]);
    }
    for (let y = 0; y < height; y++) {
      row.fill(0);
      const sharesY = alongY.shares[y] as Float64Array; // as above
      for (let i = 0; i < sharesY.length; i++) {
        addInto(row, slice, shape[0] * ((alongY.from[y] as number) + i), sharesY[i]);
      }
      averageRowInto(result, width * (y + height * z), row, alongX);
    }
  }
  return result;
}

/** Target voxel t covers [start + (t − ½) step, start + (t + ½) step], source voxel s covers [s − ½, s + ½]. */
function axisShares({ length, start, step }: ResampledAxis, sourceLength: number): AxisShares {
  const from = new Int32Array(length);
  const shares: Float64Array[] = [];
  for (let t = 0; t < length; t++) {
    // In units of voxels from the source's edge, where voxel s covers [s, s + 1].
    const low = Math.min(Math.max(start + (t - 0.5) * step + 0.5, 0), sourceLength);
    const high = Math.min(Math.max(start + (t + 0.5) * step + 0.5, 0), sourceLength);
    const first = Math.floor(low);
    from[t] = first;
    shares.push(
      Float64Array.from({ length: Math.max(0, Math.ceil(high) - first) }, (_, i) => {
        return Math.max(0, Math.min(high, first + i + 1) - Math.max(low, first + i)) / step;
      }),
    );
  }
  return { from, shares };
}

/** target += share · source, from `offset` of the source. */
function addInto(target: Float64Array, source: Float64Array, offset: number, share = NaN): void {
  if (share === 0) return;
  for (let i = 0; i < target.length; i++) {
    target[i] = (target[i] as number) + share * (source[offset + i] as number); // in range by axisShares
  }
}

function averageRowInto(target: Float64Array, at: number, row: Float64Array, { from, shares }: AxisShares): void {
  for (let x = 0; x < shares.length; x++) {
    const ofVoxel = shares[x] as Float64Array; // in range, as the following
    const first = from[x] as number;
    let sum = 0;
    for (let i = 0; i < ofVoxel.length; i++) sum += (ofVoxel[i] as number) * (row[first + i] as number);
    target[at + x] = sum;
  }
}
