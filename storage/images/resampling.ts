import { DomainError } from '../../domain/domain-error.js';
import { voxelVolumeMm3 } from '../../domain/image/affine.js';
import { perAxis, type CoverageMap, type Grid, type LabelMap, type StoredImage } from '../../domain/image/grid.js';
import { alignImage, nearestOnto } from '../../domain/preprocess/align.js';
import { countStructure } from '../../domain/preprocess/mask/mask.js';
import {
  coverageOf,
  fromAHalf,
  fromCoverage,
  resampleLabel,
  type LabelResampling,
} from '../../domain/preprocess/mask/resample-label.js';
import { sumOutside } from '../../domain/preprocess/onto-original.js';
import { parallelAxes, reorientedMask } from '../../domain/preprocess/parallel-axes.js';
import { inverseAxis } from '../../domain/preprocess/resampled-axis.js';
import {
  resampledAxes,
  resampledGrid,
  resampleImage,
  type ResampleSettings,
} from '../../domain/preprocess/resample.js';

/** A way of bringing the images of a file onto a new grid. */
export interface Resampling {
  readonly after: Grid;
  image(image: StoredImage): Float32Array;
  mask(mask: LabelMap, how: LabelResampling): ResampledMask;
}

interface ResampledMask {
  readonly values: CoverageMap['values'];
  /** The part of the structure's volume that lies outside the new grid; undefined if that is not known. */
  readonly outsideMl?: number | undefined;
}

/** Onto cubic voxels, as the pipeline does. */
export function resamplingBySpacing(grid: Grid, settings: ResampleSettings): Resampling {
  const after = resampledGrid(grid, settings);
  const newAxes = resampledAxes(grid, settings);
  const onNewGrid = perAxis((axis) => inverseAxis(newAxes[axis], grid.shape[axis]));
  return {
    after,
    image: (image) => resampleImage(image, settings).values,
    mask: (mask, labelResampling) => ({
      values: resampleLabel(mask, { ...settings, labelResampling }).values,
      outsideMl: (sumOutside(mask.values, onNewGrid, after.shape) * voxelVolumeMm3(grid)) / 1000,
    }),
  };
}

/**
 * Onto the grid of another image, by the headers of both: linearly, as `preprocessing.align: toFirst` does, or from the
 * nearest voxel. A mask keeps its volume, but between grids that are rotated against each other it has to be interpolated.
 */
export function resamplingLike(
  grid: Grid,
  after: Grid,
  { nearest, source }: { readonly nearest: boolean; readonly source: string },
): Resampling {
  const image = (own: StoredImage): Float32Array => (nearest ? nearestOnto(own, after) : alignImage(own, after).values);
  const parallel = parallelAxes(grid, after);
  return {
    after,
    image,
    mask: (mask, how) => {
      if (nearest || how === 'linear') return { values: fromAHalf(image(mask)) };
      if (parallel === undefined) {
        throw new DomainError(
          'ARGUMENT_INVALID',
          `${source}: its axes are not parallel to those of the other image, so the mask can only be interpolated; use --mask linear or --nearest`,
        );
      }
      const coverage = coverageOf(reorientedMask(mask, parallel.order), parallel.gridAxes);
      const insideMl = (sumOf(coverage.values) * voxelVolumeMm3(after)) / 1000;
      const volumeMl = (countStructure(mask) * voxelVolumeMm3(grid)) / 1000;
      // What rounding leaves of nothing is nothing.
      const outsideMl = volumeMl - insideMl > 1e-9 * volumeMl ? volumeMl - insideMl : 0;
      return { values: fromCoverage(coverage, how), outsideMl };
    },
  };
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
