import { originalVoxelSize, voxelSizeOf } from '../../evaluate/voxel-size.js';
import type { CoverageMap, LabelMap, Triple } from '../../image/grid.js';
import { windowRange } from '../crop.js';
import { countStructure } from './mask.js';
import type { Coverage } from './resample-label.js';
import type { GridAxes } from '../resampled-axis.js';

/**
 * Parts of the structure's volume in the original mask where no network can predict anything, in the case's unit. Each
 * part of the structure counts once, by the first reason that applies.
 */
export interface UnpredictableVolume {
  /** Outside the prepared image: its grid does not reach to the original's edge, or the region of interest cuts it off. */
  readonly fieldOfView: number;
  /** Outside the networks' crop. */
  readonly crop: number;
  /** In the crop, but in the margin that networks with `valid` up-sampling do not predict. */
  readonly margin: number;
  /** Outside the mask, where p = 0 by rule. */
  readonly mask: number;
}

/** The reasons, in the order in which they apply, and what to do about each. */
export const unpredictableReasons = [
  {
    reason: 'fieldOfView',
    label: 'outside the prepared image',
    remedy: 'in 2D, a larger preprocessing.roi would hold it',
  },
  { reason: 'crop', label: 'outside the crop', remedy: 'a larger preprocessing.crop would hold it' },
  {
    reason: 'margin',
    label: 'in the unpredicted margin of the crop',
    remedy: 'network.upsampling: same would predict it, and so would a larger preprocessing.crop',
  },
  { reason: 'mask', label: 'outside the mask', remedy: 'preprocessing.mask leaves it out' },
] as const satisfies readonly {
  readonly reason: keyof UnpredictableVolume;
  readonly label: string;
  readonly remedy: string;
}[];

/** Effect of preprocessing on the structure. Volumes in ml (3D) or hundreds of prepared pixels (2D). */
export interface StructureQuality {
  readonly structureVoxelsBefore: number;
  /** Sum of the prepared label: with soft labels the sum of the coverages. */
  readonly structureVoxelsAfter: number;
  readonly volumeBefore: number;
  readonly volumeAfter: number;
  readonly unpredictable: UnpredictableVolume;
}

/** All of a case's structure that no network can predict. */
export function unpredictableVolume({ unpredictable }: Pick<StructureQuality, 'unpredictable'>): number {
  return unpredictableReasons.reduce((sum, { reason }) => sum + unpredictable[reason], 0);
}

/** What structure quality needs to know of the networks: their crop, and the margin of it that they do not predict. */
export interface PredictedRegion {
  readonly dimensions: 2 | 3;
  /** In voxels of the prepared image; two entries in 2D. */
  readonly crop: readonly number[];
  /** Voxels at each end of each axis of the crop. */
  readonly margin: number;
}

interface PreparedStructure {
  readonly before: LabelMap;
  readonly after: CoverageMap;
  /** The prepared grid's axes in voxels of `before`, and how `before` covers it. */
  readonly gridAxes: GridAxes;
  readonly coverage: Coverage;
  readonly mask: LabelMap | undefined;
  readonly region: PredictedRegion;
}

export function structureQuality({
  before,
  after,
  gridAxes,
  coverage,
  mask,
  region,
}: PreparedStructure): StructureQuality {
  const [cropX = 1, cropY = 1, cropZ = 1] = region.crop;
  const cropShape: Triple = [cropX, cropY, cropZ];
  const { voxelVolume } = voxelSizeOf(region.dimensions, after.grid);
  const voxelsBefore = countStructure(before);
  const voxelsAfter = countStructure(after);
  const original = originalVoxelSize(region.dimensions, before.grid, gridAxes);
  const volumeBefore = voxelsBefore * original.voxelVolume;
  const margin: Triple = [region.margin, region.margin, region.dimensions === 2 ? 0 : region.margin];
  const all = sumWithin(coverage, { cropShape: coverage.shape, margin: [0, 0, 0] });
  const inCrop = sumWithin(coverage, { cropShape, margin: [0, 0, 0] });
  const predicted = sumWithin(coverage, { cropShape, margin });
  const inMask = mask === undefined ? predicted : sumWithin(coverage, { cropShape, margin, mask: mask.values });
  // Differences of sums: what rounding leaves of nothing is nothing.
  const part = (whole: number, rest: number): number =>
    whole - rest > 1e-9 * whole ? (whole - rest) * voxelVolume : 0;
  return {
    structureVoxelsBefore: voxelsBefore,
    structureVoxelsAfter: voxelsAfter,
    volumeBefore,
    volumeAfter: voxelsAfter * voxelVolume,
    unpredictable: {
      fieldOfView: part(volumeBefore / voxelVolume, all),
      crop: part(all, inCrop),
      margin: part(inCrop, predicted),
      mask: part(predicted, inMask),
    },
  };
}

function sumWithin(
  { shape, values }: Coverage,
  window: { readonly cropShape: Triple; readonly margin: Triple; readonly mask?: Uint8Array },
): number {
  const [x, y, z] = windowRange(shape, window.cropShape, window.margin);
  let sum = 0;
  for (let k = z[0]; k < z[1]; k++) {
    for (let j = y[0]; j < y[1]; j++) {
      const row = shape[0] * (j + shape[1] * k);
      for (let i = row + x[0]; i < row + x[1]; i++) {
        if (window.mask === undefined || window.mask[i] === 1) sum += values[i] as number; // in range by windowRange
      }
    }
  }
  return sum;
}
