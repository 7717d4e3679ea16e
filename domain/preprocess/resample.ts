import { affineOfSteps } from '../image/affine.js';
import {
  perAxis,
  voxelCount,
  type Grid,
  type ScalarImage,
  type StoredImage,
  type StoredValues,
  type Triple,
} from '../image/grid.js';
import {
  lengthInside,
  linearWeights,
  nearestWeights,
  resampledAxis,
  type AxisWeights,
  type GridAxes,
  type ResamplingConvention,
} from './resampled-axis.js';
import { smoothForSpacing } from './smooth.js';

export interface ResampleSettings {
  /** Isotropic size of the new voxels. */
  readonly spacingMm: number;
  readonly resampling: ResamplingConvention;
  /** gaussian: smoothed first along the axes whose new voxels are larger (`smoothForSpacing`). none, by default: not. */
  readonly antiAlias?: 'gaussian' | 'none';
  /** Takes the value of the nearest old voxel instead of a trilinear blend of eight. */
  readonly nearest?: boolean;
}

/**
 * Resamples to isotropic voxels, linearly unless `nearest` is set; conventions as in `resampledAxis`. The new
 * affine records the new position. New voxels whose centres are outside the field of view are 0, as in ITK.
 */
export function resampleImage({ grid, values: stored }: StoredImage, settings: ResampleSettings): ScalarImage {
  const resampled = resampledGrid(grid, settings);
  const result = new Float32Array(voxelCount(resampled.shape));
  const smooth = settings.antiAlias === 'gaussian' && settings.nearest !== true;
  const values = smooth ? smoothForSpacing({ grid, values: stored }, settings.spacingMm) : stored;
  forEachResampledRow({ shape: grid.shape, values, weights: weightsOnto(grid, settings) }, (row, at) => {
    result.set(row, at);
  });
  if (settings.resampling === 'origin') clearOutside(result, resampledAxes(grid, settings), grid.shape);
  return { grid: resampled, values: result };
}

/** Sets the voxels to 0 whose centres are outside the field of view of the old grid. */
function clearOutside(values: Float32Array, gridAxes: GridAxes, oldShape: Triple): void {
  const [width, height, depth] = perAxis((axis) => gridAxes[axis].length);
  const [insideX, insideY, insideZ] = perAxis((axis) => lengthInside(gridAxes[axis], oldShape[axis]));
  for (let row = 0; row < height * depth; row++) {
    const isInside = row % height < insideY && Math.floor(row / height) < insideZ;
    values.fill(0, row * width + (isInside ? insideX : 0), (row + 1) * width);
  }
}

/** The grid after resampling: same directions; new shape, spacing and origin. */
export function resampledGrid(grid: Grid, settings: ResampleSettings): Grid {
  return gridOn(grid, resampledAxes(grid, settings));
}

/** The axes of `resampledGrid`, in voxels of the grid. */
export function resampledAxes({ shape, spacingMm }: Grid, settings: ResampleSettings): GridAxes {
  return perAxis((axis) =>
    resampledAxis(settings.resampling, {
      length: shape[axis],
      spacingMm: spacingMm[axis],
      newSpacingMm: settings.spacingMm,
    }),
  );
}

/** The grid with these axes, given in voxels of another grid. */
export function gridOn(grid: Grid, gridAxes: GridAxes): Grid {
  const step = perAxis((axis) => gridAxes[axis].step);
  const start = perAxis((axis) => gridAxes[axis].start);
  return {
    shape: perAxis((axis) => gridAxes[axis].length),
    spacingMm: perAxis((axis) => grid.spacingMm[axis] * step[axis]),
    affine: affineOfSteps(grid.affine, start, step),
  };
}

function weightsOnto(grid: Grid, settings: ResampleSettings): Resampling['weights'] {
  const newAxes = resampledAxes(grid, settings);
  const weights = settings.nearest === true ? nearestWeights : linearWeights;
  return perAxis((axis) => weights(newAxes[axis], grid.shape[axis]));
}

interface Resampling {
  readonly shape: Triple;
  readonly values: StoredValues;
  /** For each new voxel, per axis. */
  readonly weights: readonly [AxisWeights, AxisWeights, AxisWeights];
}

/**
 * Passes the resampled image to the callback row by row, in double precision. `at` is the row's start index in the new
 * image; the row's array is reused for the next row. Linear interpolation is separable: each new slice blends two old
 * slices, each new row two rows of that slice, and each new voxel two voxels of that row. This takes about one
 * multiplication per voxel of the slices needed, several times fewer than blending eight neighbours per voxel.
 */
function forEachResampledRow(
  { shape, values, weights: [alongX, alongY, alongZ] }: Resampling,
  take: (row: Float64Array, at: number) => void,
): void {
  const plane = shape[0] * shape[1];
  const slice = new Float64Array(plane);
  const [below, above] = [new Float64Array(plane), new Float64Array(plane)];
  const line = new Float64Array(shape[0]);
  const row = new Float64Array(alongX.low.length);
  let at = 0;
  for (let z = 0; z < alongZ.low.length; z++) {
    // Copied to double precision first, so that blending sees one array type whatever the image's type: code compiled
    // for several types is slow.
    copyLine(below, values, alongZ.low[z]);
    copyLine(above, values, alongZ.high[z]);
    blend(slice, below, above, alongZ.weight[z]);
    for (let y = 0; y < alongY.low.length; y++) {
      blendLines(line, slice, alongY, y);
      blendVoxels(row, line, alongX);
      take(row, at);
      at += row.length;
    }
  }
}

function copyLine(target: Float64Array, source: StoredValues, line = NaN): void {
  target.set(source.subarray(line * target.length, (line + 1) * target.length));
}

/** target = line `low` + weight · (line `high` − line `low`); lines are as long as the target. */
function blendLines(target: Float64Array, source: Float64Array, { low, high, weight }: AxisWeights, o: number): void {
  const length = target.length;
  const line = (index = NaN): Float64Array => source.subarray(index * length, (index + 1) * length);
  blend(target, line(low[o]), line(high[o]), weight[o]);
}

function blend(target: Float64Array, first: Float64Array, second: Float64Array, share = NaN): void {
  for (let i = 0; i < target.length; i++) {
    const value = first[i] as number; // all three have the same length
    target[i] = value + share * ((second[i] as number) - value);
  }
}

function blendVoxels(target: Float64Array, source: Float64Array, { low, high, weight }: AxisWeights): void {
  for (let o = 0; o < target.length; o++) {
    const value = source[low[o] as number] as number; // clamped by linearWeights
    target[o] = value + (weight[o] as number) * ((source[high[o] as number] as number) - value);
  }
}
