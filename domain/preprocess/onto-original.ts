import { perAxis, voxelCount, type Triple } from '../image/grid.js';
import { boxMean } from './box-mean.js';
import { inverseAxis, type GridAxes } from './resampled-axis.js';
import { thresholdByVolume } from './mask/threshold-by-volume.js';

/** Values on the prepared grid, and where it comes from. */
interface OnPreparedGrid<Values> {
  readonly values: Values;
  /** Of the original image. */
  readonly originalShape: Triple;
  /** The prepared grid's axes, in voxels of the original image. */
  readonly axes: GridAxes;
}

/** A map on the original grid, and what has no place there. */
interface MapOnOriginalGrid {
  /** In double precision, so that the sum is kept to rounding. */
  readonly values: Float64Array;
  /** Sum of the map outside the original field of view, in voxels of the prepared grid. */
  readonly outside: number;
}

/**
 * Carries probabilities back onto the grid of the original image: each original voxel takes the mean of the map over its extent,
 * with 0 beyond the map. Sums are therefore kept: Σ values · v on the original grid is that on the prepared grid, but for
 * what lies outside the original field of view (less than half a prepared voxel at each edge after resampling; outside the
 * picture of a region of interest nothing is predicted), which `outside` tells. Values stay in [0, 1].
 */
export function mapOntoOriginal(map: OnPreparedGrid<Float32Array>): MapOnOriginalGrid {
  return { values: meansOnOriginal(map), outside: sumOutside(map.values, map.axes, map.originalShape) };
}

/**
 * Carries a predicted mask back onto the grid of the original image: of the original voxels that each of its structures
 * covers, those with the highest probability, as many as keep the structure's volume within the original field of view
 * (`thresholdByVolume`).
 *
 * `map`: the probabilities on the original grid (`mapOntoOriginal`).
 */
export function maskOntoOriginal(mask: OnPreparedGrid<Uint8Array>, map: Float64Array): Uint8Array {
  return thresholdByVolume({ coverage: meansOnOriginal(mask), shape: mask.originalShape, preference: map });
}

function meansOnOriginal({ values, originalShape, axes }: OnPreparedGrid<Float32Array | Uint8Array>): Float64Array {
  const shape = perAxis((axis) => axes[axis].length);
  const inverse = perAxis((axis) => inverseAxis(axes[axis], originalShape[axis]));
  const means = boxMean({ values, shape, axes: inverse });
  // A mean of ones can exceed 1 by rounding.
  for (let i = 0; i < means.length; i++) if ((means[i] as number) > 1) means[i] = 1; // in range
  return means;
}

/**
 * Sum of a map outside the field of view of another grid, in voxels of the map. `axes` are the map's axes in voxels of the
 * other grid, whose shape is `otherShape`.
 */
export function sumOutside(values: Float32Array | Uint8Array, axes: GridAxes, otherShape: Triple): number {
  const [alongX, alongY, alongZ] = perAxis((axis) => sharesInside(axes[axis], otherShape[axis]));
  const [width, height, depth] = perAxis((axis) => axes[axis].length);
  let outside = 0;
  for (let i = 0; i < voxelCount([width, height, depth]); i++) {
    const x = alongX[i % width] as number; // each has its axis' length
    const y = alongY[Math.floor(i / width) % height] as number;
    const z = alongZ[Math.floor(i / (width * height))] as number;
    outside += (1 - x * y * z) * (values[i] as number);
  }
  return outside;
}

/** The share of each voxel of an axis that lies within the other field of view. What rounding misses of 1 is none. */
function sharesInside(axis: GridAxes[number], otherLength: number): Float64Array {
  const shares = boxMean({
    values: new Float64Array(otherLength).fill(1),
    shape: [otherLength, 1, 1],
    axes: [axis, { length: 1, start: 0, step: 1 }, { length: 1, start: 0, step: 1 }],
  });
  return shares.map((share) => (share > 1 - 1e-9 ? 1 : share));
}
