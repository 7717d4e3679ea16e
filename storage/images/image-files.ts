import { DomainError } from '../../domain/domain-error.js';
import { gridOfHeader } from '../../domain/formats/headers/image-header.js';
import { niftiGrid } from '../../domain/formats/nifti-header.js';
import { gridRemarks, integerRemark, niftiRemarks } from '../../domain/formats/image-remarks.js';
import type { NiftiValueForm } from '../../domain/formats/nifti-values.js';
import { diagonalAffine } from '../../domain/image/affine.js';
import { counted } from '../../domain/report/words/format-number.js';
import type { Grid, StoredImage, StoredValues } from '../../domain/image/grid.js';
import { imagePlace, nonNiftiEnding } from './image-place.js';
import { readNiftiVoxels, selected, type NiftiReadOptions } from './nifti-files.js';
import { unsupportedFile } from './unsupported-file.js';
import { readVoxels } from './voxel-data.js';

export interface ReadOptions extends NiftiReadOptions {
  /** How to treat NaN and ±∞: reject the file (default), replace them with 0, or keep them. */
  readonly nonFinite?: 'error' | 'zero' | 'keep';
  /** Called with the number of voxels replaced with 0, unless it is 0. */
  readonly onNonFinite?: (count: number) => void;
  /** Whether the file is a mask, whose labels must not merge when they are rounded to float32; otherwise that is a remark. */
  readonly isMask?: boolean;
  /** Called with each thing that a user should know about how the file was read, phrased to follow its name. */
  readonly onRemark?: (remark: string) => void;
}

export const pictureEnding = /\.(png|jpe?g|tiff?)$/i;
export const niftiEnding = /\.(nii|hdr|img)(\.gz)?$/i;

/**
 * Reads the images in a file. A NIfTI, NRRD, MetaImage or MGH file has one image per entry of its fourth axis or per
 * channel of its voxels (one if it has neither), positioned in mm. A PNG, JPEG or TIFF has one image of shape [width,
 * height, 1] and spacing 1, top left pixel first.
 *
 * Throws FILE_UNREADABLE, FILE_FORMAT_INVALID, FILE_TOO_LARGE, and IMAGE_VALUES_INVALID with the counts of NaN and
 * infinite voxels (values beyond the range of float32 become infinite). Of masks also LABEL_INVALID for whole numbers that
 * float32 may not hold exactly. Every error names the file.
 */
export async function readImage(path: string, options: ReadOptions = {}): Promise<StoredImage[]> {
  const { images, finite } = await readAnyValues(path, options);
  if (finite) return images;
  for (const { values } of images) {
    if (!(values instanceof Float32Array)) continue; // integers
    const count = settleNonFinite(values, path, options.nonFinite ?? 'error');
    if (count > 0) options.onNonFinite?.(count);
  }
  return images;
}

/**
 * Reads the only image in a file, or the one selected by `channel`. Throws IMAGE_SHAPE_MISMATCH if there are several
 * and `channel` is absent: a 4-D file must not silently lose its other entries where a 3-D file is expected.
 */
export async function readOneImage(path: string, options: ReadOptions = {}): Promise<StoredImage> {
  const [image, ...more] = await readImage(path, options);
  if (image === undefined || more.length > 0) {
    const images = more.length + 1;
    const message = `${path}: expected one image, but the file has ${images}; of images, the setting volume selects one`;
    throw new DomainError('IMAGE_SHAPE_MISMATCH', message, { path, images });
  }
  return image;
}

interface AnyValues {
  readonly images: StoredImage[];
  /** True for unscaled integers, which cannot be NaN. */
  readonly finite: boolean;
}

async function readAnyValues(path: string, options: ReadOptions): Promise<AnyValues> {
  if (niftiEnding.test(path)) {
    const { header, channels } = await readNiftiVoxels(path, options);
    const grid = niftiGrid(header);
    return valuesOf({ path, grid, header, channels, remarks: niftiRemarks(header) }, options);
  }
  if (nonNiftiEnding.test(path)) {
    const place = await imagePlace(path, options.spacingMm);
    const grid = gridOfHeader(place.header);
    const channels = await readVoxels({ ...place, seen: options.seen }, selected(place.header, options));
    return valuesOf({ path, grid, header: place.header, channels, remarks: [] }, options);
  }
  if (!pictureEnding.test(path)) throw await unsupportedFile(path);
  const { channel } = options;
  if (channel !== undefined && channel !== 0) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `${path}: channel ${channel} requested, but a picture has only channel 0`,
      {
        path,
      },
    );
  }
  // The decoder takes longer to load than most verbs to run.
  const { readPicture } = await import('./picture-files.js');
  const { width, height, values, remarks } = await readPicture(path, options.seen);
  for (const remark of remarks) options.onRemark?.(remark);
  return { images: [{ grid: pictureGrid(width, height), values }], finite: true };
}

interface ReadVoxels {
  readonly path: string;
  readonly grid: Grid;
  readonly header: NiftiValueForm;
  readonly channels: readonly StoredValues[];
  /** Of the format alone. */
  readonly remarks: readonly string[];
}

function valuesOf(
  { path, grid, header, channels, remarks }: ReadVoxels,
  { onRemark, isMask = false }: ReadOptions,
): AnyValues {
  const rounded = onRemark === undefined && !isMask ? undefined : integerRemark(header, channels, isMask);
  if (isMask && rounded !== undefined) {
    const message = `${path}: ${rounded}, so labels merge; give labels smaller numbers`;
    throw new DomainError('LABEL_INVALID', message, { path });
  }
  if (onRemark !== undefined) {
    for (const remark of [...remarks, ...gridRemarks(grid)]) onRemark(remark);
    if (rounded !== undefined) onRemark(rounded);
  }
  const { dataType, slope, intercept } = header;
  const finite = !dataType.startsWith('float') && slope === 1 && intercept === 0;
  return { images: channels.map((values) => ({ grid, values })), finite };
}

/** The grid of a picture: pixels of size 1 and no position in space. */
export function pictureGrid(width: number, height: number): Grid {
  return { shape: [width, height, 1], spacingMm: [1, 1, 1], affine: diagonalAffine([1, 1, 1]) };
}

/**
 * Rejects NaN and ±∞ (IMAGE_VALUES_INVALID), replaces them with 0, or skips the check. Returns how many were replaced.
 */
function settleNonFinite(values: Float32Array, path: string, policy: 'error' | 'zero' | 'keep'): number {
  if (policy === 'keep') return 0;
  let nan = 0;
  let infinite = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number; // inside
    if (value - value === 0) continue; // finite
    if (Number.isNaN(value)) nan++;
    else infinite++;
    if (policy === 'zero') values[i] = 0;
  }
  if (policy === 'error' && nan + infinite > 0) {
    throw new DomainError(
      'IMAGE_VALUES_INVALID',
      `${path}: ${counted(nan, 'voxel')} ${nan === 1 ? 'is' : 'are'} NaN and ${infinite} ${infinite === 1 ? 'is' : 'are'} infinite or beyond the range of float32; nonFinite: zero ` +
        `in a config makes them 0, and so does volbias resample --non-finite zero`,
      { path, nan, infinite },
    );
  }
  return nan + infinite;
}
