import { perAxis, type CoverageMap, type LabelMap, type Triple } from '../../image/grid.js';
import { boxMean } from '../box-mean.js';
import { gridOn, resampledAxes, resampleImage, type ResampleSettings } from '../resample.js';
import type { GridAxes } from '../resampled-axis.js';
import { thresholdByVolume } from './threshold-by-volume.js';

/**
 * How a mask comes onto a new grid.
 * - `volumePreserving`: the voxels that the structure covers most, as many as keep its volume (`thresholdByVolume`).
 * - `linear`: linear interpolation (2D: the average of a block), structure from 0.5 on. Ties count as structure, so this
 *   changes the volume.
 * - `soft`: no threshold; the share of each voxel that the structure covers.
 */
export type LabelResampling = 'volumePreserving' | 'linear' | 'soft';

/**
 * Threshold for a resampled label: 0.5, minus what rounding can take from a tie. Down-sampling by two puts every new
 * voxel exactly between eight old ones, so ties are common, and a spacing of 1.0000001 must not decide them.
 */
const labelThreshold = 0.5 - 1e-4;

/** A mask on the grid of `resampleImage`, never smoothed; with `nearest`, the values of the nearest old voxels. */
export function resampleLabel(
  label: LabelMap,
  { labelResampling, ...settings }: ResampleSettings & { readonly labelResampling: LabelResampling },
): CoverageMap {
  if (settings.nearest === true || labelResampling === 'linear') {
    const { grid, values } = resampleImage(label, { ...settings, antiAlias: 'none' });
    return { grid, values: fromAHalf(values) };
  }
  const gridAxes = resampledAxes(label.grid, settings);
  return { grid: gridOn(label.grid, gridAxes), values: fromCoverage(coverageOf(label, gridAxes), labelResampling) };
}

/** The share of each voxel of another grid that the structure covers, and that grid's shape. */
export interface Coverage {
  readonly shape: Triple;
  readonly values: Float64Array;
}

export function coverageOf({ grid, values }: LabelMap, gridAxes: GridAxes): Coverage {
  return {
    shape: perAxis((axis) => gridAxes[axis].length),
    values: boxMean({ values, shape: grid.shape, axes: gridAxes }),
  };
}

/** `linear` takes the coverage for the interpolated value, which it is for whole blocks of voxels. */
export function fromCoverage({ shape, values }: Coverage, how: LabelResampling): CoverageMap['values'] {
  if (how === 'soft') return new Float32Array(values);
  return how === 'linear' ? fromAHalf(values) : thresholdByVolume({ coverage: values, shape });
}

export function fromAHalf(values: Float32Array | Float64Array): Uint8Array {
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) mask[i] = (values[i] as number) >= labelThreshold ? 1 : 0; // in range
  return mask;
}
