import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

import { DomainError } from '../../domain/domain-error.js';
import { encodeNifti } from '../../domain/formats/encode-nifti.js';
import { gridOfHeader } from '../../domain/formats/headers/image-header.js';
import { nonFiniteRemarks } from '../../domain/formats/image-remarks.js';
import { niftiGrid } from '../../domain/formats/nifti-header.js';
import { voxelVolumeMm3 } from '../../domain/image/affine.js';
import type { Grid, LabelMap, StoredImage } from '../../domain/image/grid.js';
import { countStructure } from '../../domain/preprocess/mask/mask.js';
import type { LabelResampling } from '../../domain/preprocess/mask/resample-label.js';
import { structureOf, type LabelRule } from '../../domain/preprocess/mask/structure-of.js';
import { checkOutputSize } from '../../domain/preprocess/output-size.js';
import type { ResampleSettings } from '../../domain/preprocess/resample.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { niftiEnding, pictureEnding, readImage } from './image-files.js';
import { imagePlace, nonNiftiEnding } from './image-place.js';
import { readNiftiHeader } from './nifti-files.js';
import { resamplingBySpacing, resamplingLike, type Resampling } from './resampling.js';
import { unsupportedFile } from './unsupported-file.js';

export interface ResampleRequest {
  readonly input: string;
  readonly output: string;
  /** The new voxels, or an image whose grid is the new one. */
  readonly settings: ResampleSettings | { readonly like: string; readonly nearest: boolean };
  /** How to resample a mask with 0 and one other value; undefined if the input is an image. */
  readonly mask: LabelResampling | undefined;
  /** For a mask with several labels: the values that are the structure. */
  readonly rule?: LabelRule;
  /** What NaN and infinite voxels of the input are. */
  readonly nonFinite: 'error' | 'zero';
  /** Limit on the voxels of the output, over all channels. */
  readonly maxVoxels: number;
}

interface ResampledFile {
  readonly before: Grid;
  readonly after: Grid;
  /** What a user should know about how the input was read, each phrased to follow its name. */
  readonly remarks: readonly string[];
  /** Only of a mask. */
  readonly structure?: ResampledStructure;
}

export interface ResampledStructure {
  /** In the input. */
  readonly volumeMl: number;
  /** The part of it that lies outside the new grid. */
  readonly outsideMl: number;
}

/**
 * Resamples every channel of an image file, by default as the pipeline does, and writes the result as NIfTI with its affine.
 * Throws ARGUMENT_INVALID if the input is a picture, or if the output is not .nii or .nii.gz or is the input itself;
 * FILE_TOO_LARGE if the spacing is so fine that the result would have more voxels than allowed.
 */
export async function resampleFile(request: ResampleRequest): Promise<ResampledFile> {
  const { input, output, settings, mask: labelResampling, nonFinite, maxVoxels } = request;
  if (!/\.nii(\.gz)?$/i.test(output)) {
    throw new DomainError('ARGUMENT_INVALID', `${output}: the output's name must end in .nii or .nii.gz`);
  }
  if (pictureEnding.test(input)) {
    throw new DomainError('ARGUMENT_INVALID', `${input}: pictures have no spacing, so they cannot be resampled`);
  }
  if (resolve(input) === resolve(output))
    throw new DomainError('ARGUMENT_INVALID', `${output}: the output must not be the input file`);
  const remarks: string[] = [];
  let zeroed = 0;
  const images = await readImage(input, {
    nonFinite,
    isMask: labelResampling !== undefined,
    onRemark: (remark) => remarks.push(remark),
    onNonFinite: (count) => (zeroed += count),
  });
  remarks.push(...nonFiniteRemarks(zeroed));
  const [first] = images;
  if (first === undefined) throw new DomainError('FILE_FORMAT_INVALID', `${input}: the file has no image`);
  const resampling = await resamplingFor(first.grid, input, settings);
  const { after } = resampling;
  const size = { source: input, grid: first.grid, shape: after.shape, images: images.length };
  checkOutputSize({ ...size, maxVoxels, setting: '--max-voxels' });
  const mask = labelResampling === undefined ? undefined : onlyMask(images, request);
  const resampled =
    mask === undefined || labelResampling === undefined ? undefined : resampling.mask(mask, labelResampling);
  const values = resampled?.values ?? images.map((image) => resampling.image(image));
  const bytes = encodeNifti({ grid: after, values });
  await writeFileAtomically(output, /\.gz$/i.test(output) ? gzipSync(bytes) : bytes);
  const outsideMl = resampled?.outsideMl;
  const isKnown = mask !== undefined && outsideMl !== undefined;
  return {
    ...{ before: first.grid, after, remarks },
    ...(isKnown && {
      structure: { volumeMl: (countStructure(mask) * voxelVolumeMm3(first.grid)) / 1000, outsideMl },
    }),
  };
}

async function resamplingFor(grid: Grid, source: string, settings: ResampleRequest['settings']): Promise<Resampling> {
  if (!('like' in settings)) return resamplingBySpacing(grid, settings);
  return resamplingLike(grid, await gridOfFile(settings.like), { nearest: settings.nearest, source });
}

/** The grid that an image file declares. ARGUMENT_INVALID for a picture, which has none. */
async function gridOfFile(path: string): Promise<Grid> {
  if (niftiEnding.test(path)) return niftiGrid(await readNiftiHeader(path));
  if (nonNiftiEnding.test(path)) return gridOfHeader((await imagePlace(path)).header);
  if (pictureEnding.test(path)) throw new DomainError('ARGUMENT_INVALID', `${path}: pictures have no place in space`);
  throw await unsupportedFile(path);
}

function onlyMask([first, ...more]: readonly StoredImage[], { input, rule }: ResampleRequest): LabelMap {
  if (first === undefined || more.length > 0) {
    throw new DomainError(
      'IMAGE_SHAPE_MISMATCH',
      `${input}: a mask must have one image, but the file has ${more.length + 1}; save the one that is meant in a file of its own`,
    );
  }
  return structureOf(first, { source: input, rule });
}
