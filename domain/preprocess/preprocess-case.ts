import { DomainError } from '../domain-error.js';
import { pixelSize, voxelSizeInMillilitres } from '../evaluate/voxel-size.js';
import {
  formatShape,
  type Grid,
  type LabelMap,
  type ScalarImage,
  type StoredImage,
  type Triple,
} from '../image/grid.js';
import { alignImage } from './align.js';
import { cropRange } from './crop.js';
import { countStructure, maskWhere } from './mask.js';
import { momentsOf, type Moments } from './moments.js';
import { imageOnto, labelOnto, sharesVoxels } from './one-geometry.js';
import { resampleImage, resampleLabel, type ResampleSettings } from './resample.js';
import { cutRoi, cutRoiLabel, roiAroundStructure, type RoiSettings } from './roi.js';

export interface PreprocessSettings extends ResampleSettings {
  /** 2D images are not resampled; 3D images have no region of interest. */
  readonly dimensions: 2 | 3;
  /** Whether 3D modalities on other voxels than the first are interpolated onto its grid; by default they are refused. */
  readonly align?: 'none' | 'toFirst' | undefined;
  readonly roi?: RoiSettings | undefined;
  readonly mask: 'none' | { readonly modality: string; readonly greaterThan: number };
  /** The networks' central crop, in voxels of the prepared image; two entries in 2D. */
  readonly crop: readonly number[];
}

/** The files of one case, as read. `source` names the file in error messages. */
export interface RawCase {
  readonly images: readonly { readonly modality: string; readonly source: string; readonly image: StoredImage }[];
  readonly label: { readonly source: string; readonly map: LabelMap };
  readonly settings: PreprocessSettings;
}

/** Effect of preprocessing on the structure. Volumes in ml (3D) or hundreds of prepared pixels (2D). */
export interface CaseQuality {
  readonly structureVoxelsBefore: number;
  readonly structureVoxelsAfter: number;
  readonly volumeBefore: number;
  readonly volumeAfter: number;
  /** Structure voxels of the prepared image outside the networks' crop; they bias ΔV. */
  readonly croppedAwayStructureVoxels: number;
  /** Range of the prepared values, per modality in the order of the images. */
  readonly intensities: readonly { readonly lowest: number; readonly highest: number }[];
  /** Voxels of the files that were NaN or infinite and became 0; absent if there were none. */
  readonly nonFiniteVoxels?: number;
  /** The modalities that were interpolated onto the first one's grid; absent if there were none. */
  readonly aligned?: readonly AlignedModality[];
}

export interface AlignedModality {
  readonly modality: string;
  /** Voxels of the first modality's grid outside this one's field of view; they are 0. */
  readonly outsideVoxels: number;
}

export interface PreparedCase {
  readonly grid: Grid;
  /** In the order of the raw images; resampled but not normalised. */
  readonly images: readonly ScalarImage[];
  readonly label: LabelMap;
  /** 1 inside; present only if the settings define a mask. */
  readonly mask?: LabelMap;
  /** Per modality, over the mask if there is one. */
  readonly moments: readonly Moments[];
  readonly quality: CaseQuality;
}

/**
 * Brings the files of a case onto one grid (the first image's; images on other voxels only if `align` says so), then resamples (3D) or cuts the region of interest
 * (2D), and collects what normalisation and the report need. Does not normalise or crop.
 *
 * Throws IMAGE_GEOMETRY_MISMATCH if two files disagree; ARGUMENT_INVALID for a 2D case with several slices, a mask from
 * a modality that the case lacks, or no image; LABEL_INVALID for an empty label if a region of interest needs its
 * centre.
 */
export function preprocessCase({ images, label, settings }: RawCase): PreparedCase {
  const [first] = images;
  if (first === undefined) throw new DomainError('ARGUMENT_INVALID', 'a case needs at least one image');
  const reference = { source: first.source, grid: first.image.grid };
  checkDimensions(reference, settings);
  const { images: aligned, moved } = onOneGrid(reference, images, settings);
  const alignedLabel = labelOnto(reference, label);
  const prepare = preparation(alignedLabel, label.source, settings);
  const prepared = aligned.map(prepare.image);
  const preparedLabel = prepare.label(alignedLabel);
  const mask = caseMask(
    images.map(({ modality }) => modality),
    prepared,
    settings.mask,
  );
  return {
    grid: preparedLabel.grid,
    images: prepared,
    label: preparedLabel,
    ...(mask === undefined ? {} : { mask }),
    moments: prepared.map(({ values }) => momentsOf(values, mask?.values)),
    quality: {
      ...structureQuality(alignedLabel, preparedLabel, settings),
      intensities: prepared.map(({ values }) => rangeOf(values)),
      ...(moved.length > 0 && { aligned: moved }),
    },
  };
}

/** The images on the reference's grid, and which of them had to be interpolated for it. */
function onOneGrid(
  reference: { readonly source: string; readonly grid: Grid },
  images: RawCase['images'],
  { dimensions, align }: PreprocessSettings,
): { readonly images: readonly StoredImage[]; readonly moved: readonly AlignedModality[] } {
  const moved: AlignedModality[] = [];
  const onGrid = images.map((own): StoredImage => {
    const fits = dimensions === 2 || align !== 'toFirst' || sharesVoxels(own.image.grid, reference.grid);
    if (fits) return imageOnto(reference, own);
    const { values, outsideVoxels } = alignImage(own.image, reference.grid);
    moved.push({ modality: own.modality, outsideVoxels });
    return { grid: reference.grid, values };
  });
  return { images: onGrid, moved };
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

interface Preparation {
  readonly image: (image: StoredImage) => ScalarImage;
  readonly label: (label: LabelMap) => LabelMap;
}

function preparation(label: LabelMap, labelSource: string, settings: PreprocessSettings): Preparation {
  if (settings.dimensions === 3) {
    return { image: (image) => resampleImage(image, settings), label: (map) => resampleLabel(map, settings) };
  }
  if (settings.roi === undefined)
    return { image: ({ grid, values }) => ({ grid, values: new Float32Array(values) }), label: (map) => map };
  const roi = namingFile(labelSource, () =>
    roiAroundStructure(label, settings.roi ?? { sizePixels: 1, downsample: 1 }),
  );
  return { image: (image) => cutRoi(image, roi), label: (map) => cutRoiLabel(map, roi) };
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

function caseMask(
  modalities: readonly string[],
  images: readonly ScalarImage[],
  rule: PreprocessSettings['mask'],
): LabelMap | undefined {
  if (rule === 'none') return undefined;
  const image = images[modalities.indexOf(rule.modality)];
  if (image === undefined) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `the mask needs the modality ${rule.modality}, but the case has ${modalities.join(', ')}`,
    );
  }
  return maskWhere(image, rule.greaterThan);
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

function structureQuality(
  before: LabelMap,
  after: LabelMap,
  { dimensions, roi, crop }: PreprocessSettings,
): Omit<CaseQuality, 'intensities' | 'aligned'> {
  const [width = 1, height = 1, depth = 1] = crop;
  const voxelsBefore = countStructure(before);
  const voxelsAfter = countStructure(after);
  // 2D volumes count prepared pixels, each of which averages a block of original pixels.
  const volumeOf = ({ grid }: LabelMap, blockPixels: number): number =>
    dimensions === 3 ? voxelSizeInMillilitres(grid.spacingMm).voxelVolume : pixelSize.voxelVolume / blockPixels;
  return {
    structureVoxelsBefore: voxelsBefore,
    structureVoxelsAfter: voxelsAfter,
    volumeBefore: voxelsBefore * volumeOf(before, (roi?.downsample ?? 1) ** 2),
    volumeAfter: voxelsAfter * volumeOf(after, 1),
    croppedAwayStructureVoxels: voxelsAfter - structureInside(after, [width, height, depth]),
  };
}

function structureInside({ grid, values }: LabelMap, cropShape: Triple): number {
  const [x, y, z] = cropRange(grid.shape, cropShape);
  let inside = 0;
  for (let k = z[0]; k < z[1]; k++) {
    for (let j = y[0]; j < y[1]; j++) {
      const row = grid.shape[0] * (j + grid.shape[1] * k);
      for (let i = x[0]; i < x[1]; i++) inside += values[row + i] as number; // in range by cropRange
    }
  }
  return inside;
}
