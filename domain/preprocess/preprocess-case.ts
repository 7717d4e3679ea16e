import { DomainError } from '../domain-error.js';
import {
  formatShape,
  perAxis,
  type CoverageMap,
  type Grid,
  type LabelMap,
  type ScalarImage,
  type StoredImage,
  type Triple,
} from '../image/grid.js';
import { leastShearDegrees, shearDegrees } from '../image/affine.js';
import { boxMean } from './box-mean.js';
import { caseMask, type MaskRule } from './mask/case-mask.js';
import { momentsOf, type Moments } from './moments.js';
import { onOneGrid, shiftOf, type AlignedModality, type ShiftedFile } from './on-one-grid.js';
import { labelOnto, type GridTolerance } from './one-geometry.js';
import { checkOutputSize, defaultMaxVoxels } from './output-size.js';
import { coverageOf, fromCoverage, resampleLabel, type Coverage, type LabelResampling } from './mask/resample-label.js';
import { gridOn, resampledAxes, resampledGrid, resampleImage, type ResampleSettings } from './resample.js';
import type { GridAxes } from './resampled-axis.js';
import {
  clearOutside,
  roiAroundStructure,
  roiAxes,
  windowInPicture,
  type PictureWindow,
  type RoiSettings,
} from './roi.js';
import { structureQuality, type PredictedRegion, type StructureQuality } from './mask/structure-quality.js';

/** 2D images are not resampled; 3D images have no region of interest. */
export interface PreprocessSettings extends ResampleSettings, PredictedRegion, GridTolerance {
  readonly labelResampling: LabelResampling;
  /** Whether 3D modalities on other voxels than the first are interpolated onto its grid; by default they are refused. */
  readonly align?: 'none' | 'toFirst' | undefined;
  /** Limit on the voxels of the prepared images together; `defaultMaxVoxels` if absent. */
  readonly maxVoxels?: number;
  readonly roi?: RoiSettings | undefined;
  readonly mask: MaskRule;
}

/** The files of one case, as read. `source` names the file in error messages. */
export interface RawCase {
  readonly images: readonly { readonly modality: string; readonly source: string; readonly image: StoredImage }[];
  readonly label: { readonly source: string; readonly map: LabelMap };
  readonly settings: PreprocessSettings;
}

/** Effect of preprocessing on a case. */
export interface CaseQuality extends StructureQuality {
  /** Range of the prepared values, per modality in the order of the images. */
  readonly intensities: readonly { readonly lowest: number; readonly highest: number }[];
  /** Voxels of the files that were NaN or infinite and became 0; absent if there were none. */
  readonly nonFiniteVoxels?: number;
  /** Files whose voxels are elsewhere than the first image's, but within the tolerance; absent if rounding explains it. */
  readonly shifted?: readonly ShiftedFile[];
  /** The modalities that were interpolated onto the first one's grid; absent if there were none. */
  readonly aligned?: readonly AlignedModality[];
  /** By how much the grid's axes differ from perpendicular ones, before and after; absent where that is only rounding. */
  readonly shearDegrees?: number;
}

export interface PreparedCase {
  readonly grid: Grid;
  /** In the order of the raw images; resampled but not normalised. */
  readonly images: readonly ScalarImage[];
  readonly label: CoverageMap;
  /** The structure before any resampling, on the first image's grid, and the prepared grid's axes in voxels of that one. */
  readonly original: OriginalStructure;
  /** The part of a region of interest within its picture; absent if it is the whole region. The rest is padding. */
  readonly picture?: PictureWindow;
  /** 1 inside; present only if the settings define a mask, or a region of interest reaches beyond its picture. */
  readonly mask?: LabelMap;
  /** Per modality, over the mask if there is one. */
  readonly moments: readonly Moments[];
  readonly quality: CaseQuality;
}

/** The mask as it was drawn, and where the prepared grid lies on its grid. */
export interface OriginalStructure {
  readonly label: LabelMap;
  readonly axes: GridAxes;
}

/**
 * Brings the files of a case onto one grid (the first image's; images on other voxels only if `align` says so), then
 * resamples (3D) or cuts the region of interest (2D), and collects what normalisation and the report need. Does not
 * normalise or crop.
 *
 * Throws IMAGE_GEOMETRY_MISMATCH if two files disagree; FILE_TOO_LARGE if the prepared images would have too many voxels;
 * ARGUMENT_INVALID for a 2D case with several slices, a mask from a modality that the case lacks, or no image;
 * LABEL_INVALID for an empty label if a region of interest needs its centre.
 */
export function preprocessCase({ images, label, settings }: RawCase): PreparedCase {
  const [first] = images;
  if (first === undefined) throw new DomainError('ARGUMENT_INVALID', 'a case needs at least one image');
  const reference = { source: first.source, grid: first.image.grid };
  checkDimensions(reference, settings);
  checkPreparedSize(reference, images.length, settings);
  const { images: aligned, moved, shifted } = onOneGrid(reference, images, settings);
  const { distance, ...alignedLabel } = labelOnto(reference, label, settings);
  const shifts = [...shifted, ...shiftOf('mask', distance)];
  const shear = settings.dimensions === 3 ? shearDegrees(reference.grid.affine) : 0;
  const gridAxes = preparedAxes(alignedLabel, label.source, settings);
  const prepared = aligned.map((image) => preparedImage(image, gridAxes, settings));
  const coverage = coverageOf(alignedLabel, gridAxes);
  const preparedLabel = labelFor(alignedLabel, { coverage, gridAxes, settings });
  const picture = settings.dimensions === 2 ? windowInPicture(gridAxes, alignedLabel.grid.shape) : undefined;
  const modalities = images.map(({ modality }) => modality);
  const mask = caseMask({ grid: preparedLabel.grid, modalities, images: prepared, rule: settings.mask, picture });
  // Only the quality still needs the coverage: in blocks that reach beyond the picture, nothing is predicted.
  if (picture !== undefined) clearOutside(coverage.values, coverage.shape[0], picture);
  return {
    grid: preparedLabel.grid,
    images: prepared,
    label: preparedLabel,
    original: { label: alignedLabel, axes: gridAxes },
    ...(picture !== undefined && { picture }),
    ...(mask !== undefined && { mask }),
    moments: prepared.map(({ values }) => momentsOf(values, mask?.values)),
    quality: {
      ...structureQuality({ before: alignedLabel, after: preparedLabel, gridAxes, coverage, mask, region: settings }),
      intensities: prepared.map(({ values }) => rangeOf(values)),
      ...(shifts.length > 0 && { shifted: shifts }),
      ...(moved.length > 0 && { aligned: moved }),
      ...(shear > leastShearDegrees && { shearDegrees: shear }),
    },
  };
}

function checkDimensions(
  { source, grid }: { source: string; grid: Grid },
  { dimensions, crop }: PreprocessSettings,
): void {
  if (dimensions === 2 && grid.shape[2] !== 1) {
    throw new DomainError('ARGUMENT_INVALID', `${source} has ${formatShape(grid.shape)} voxels; expected a 2D image`, {
      source,
    });
  }
  if (crop.length !== dimensions) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `the crop ${crop.join('×')} has ${crop.length} axes but the image has ${dimensions}`,
    );
  }
}

/** Where the prepared grid lies, in voxels of the files' grid. */
function preparedAxes(label: LabelMap, labelSource: string, settings: PreprocessSettings): GridAxes {
  const { roi } = settings;
  if (settings.dimensions === 3) return resampledAxes(label.grid, settings);
  if (roi === undefined) return perAxis((axis) => ({ length: label.grid.shape[axis], start: 0, step: 1 }));
  return roiAxes(namingFile(labelSource, () => roiAroundStructure(label, roi)));
}

function checkPreparedSize(
  reference: { readonly source: string; readonly grid: Grid },
  images: number,
  settings: PreprocessSettings,
): void {
  const { dimensions, roi, maxVoxels = defaultMaxVoxels } = settings;
  const edge = roi === undefined ? 0 : roi.sizePixels / roi.downsample;
  const flat: Triple = roi === undefined ? reference.grid.shape : [edge, edge, 1];
  const shape = dimensions === 3 ? resampledGrid(reference.grid, settings).shape : flat;
  checkOutputSize({
    ...reference,
    shape,
    images,
    maxVoxels,
    setting: 'preprocessing.maxVoxels',
    spacingSetting: 'overrideSpacingMm',
  });
}

function preparedImage(image: StoredImage, gridAxes: GridAxes, settings: PreprocessSettings): ScalarImage {
  const { grid, values } = image;
  if (settings.dimensions === 3) return resampleImage(image, settings);
  if (settings.roi === undefined) return { grid, values: new Float32Array(values) };
  const means = boxMean({ values, shape: grid.shape, axes: gridAxes });
  return { grid: gridOn(grid, gridAxes), values: Float32Array.from(means) };
}

/** Where the prepared grid of a case with this label lies, and how masks are brought onto it. */
export function maskPreparation(
  label: LabelMap,
  labelSource: string,
  settings: PreprocessSettings,
): { readonly axes: GridAxes; readonly prepare: (mask: LabelMap) => CoverageMap } {
  const gridAxes = preparedAxes(label, labelSource, settings);
  return {
    axes: gridAxes,
    prepare: (mask) => labelFor(mask, { coverage: coverageOf(mask, gridAxes), gridAxes, settings }),
  };
}

function labelFor(
  label: LabelMap,
  prepared: { readonly coverage: Coverage; readonly gridAxes: GridAxes; readonly settings: PreprocessSettings },
): CoverageMap {
  const { coverage, gridAxes, settings } = prepared;
  const { dimensions, labelResampling } = settings;
  // Linear interpolation is no average; in 2D it is one over a block.
  if (dimensions === 3 && labelResampling === 'linear') return resampleLabel(label, settings);
  return { grid: gridOn(label.grid, gridAxes), values: fromCoverage(coverage, labelResampling) };
}

/** Prefixes an error's message with the file's name. */
function namingFile<T>(source: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, `${source}: ${error.message}`, { ...error.details, source });
  }
}

function rangeOf(values: Float32Array): { readonly lowest: number; readonly highest: number } {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number; // in range
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  return { lowest, highest };
}
