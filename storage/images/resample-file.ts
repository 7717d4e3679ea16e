import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

import { DomainError } from '../../domain/domain-error.js';
import { encodeNifti } from '../../domain/formats/encode-nifti.js';
import { voxelCount, type Grid, type StoredImage } from '../../domain/image/grid.js';
import { structureOf } from '../../domain/preprocess/structure-of.js';
import {
  resampledGrid,
  resampleImage,
  resampleLabel,
  type ResampleSettings,
} from '../../domain/preprocess/resample.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { pictureEnding, readImage } from './image-files.js';

export interface ResampleRequest {
  readonly input: string;
  readonly output: string;
  readonly settings: ResampleSettings;
  /** Whether the input is a mask with 0 and one other value; the output then has 0 and 1. */
  readonly mask: boolean;
}

/** Maximum number of voxels in the output: 4 GiB of float32. */
const maximumVoxels = 2 ** 30;

/**
 * Resamples every channel of an image file, by default as the pipeline does, and writes the result as NIfTI with its affine.
 * Throws ARGUMENT_INVALID if the input is a picture, or if the output is not .nii or .nii.gz or is the input itself;
 * FILE_TOO_LARGE if the spacing is so fine that the result would have more than 2³⁰ voxels.
 */
export async function resampleFile(request: ResampleRequest): Promise<{ readonly before: Grid; readonly after: Grid }> {
  const { input, output, settings, mask } = request;
  if (!/\.nii(\.gz)?$/i.test(output)) {
    throw new DomainError('ARGUMENT_INVALID', `${output}: the output's name must end in .nii or .nii.gz`);
  }
  if (pictureEnding.test(input)) {
    throw new DomainError('ARGUMENT_INVALID', `${input}: pictures have no spacing, so they cannot be resampled`);
  }
  if (resolve(input) === resolve(output))
    throw new DomainError('ARGUMENT_INVALID', `${output}: the output must not be the input file`);
  const images = await readImage(input);
  const [first] = images;
  if (first === undefined) throw new DomainError('FILE_FORMAT_INVALID', `${input}: the file has no image`);
  const after = resampledGrid(first.grid, settings);
  if (!(voxelCount(after.shape) * images.length <= maximumVoxels)) {
    throw new DomainError(
      'FILE_TOO_LARGE',
      `${input}: at ${settings.spacingMm} mm the result would have ${after.shape.join('×')} voxels, which is too many`,
    );
  }
  const values = mask ? resampledMask(images, input, settings) : resampledChannels(images, after, settings);
  const bytes = encodeNifti({ grid: after, values, channels: values instanceof Uint8Array ? 1 : images.length });
  await writeFileAtomically(output, /\.gz$/i.test(output) ? gzipSync(bytes) : bytes);
  return { before: first.grid, after };
}

function resampledMask(
  [first, ...more]: readonly StoredImage[],
  input: string,
  settings: ResampleSettings,
): Uint8Array {
  if (first === undefined || more.length > 0) {
    throw new DomainError(
      'IMAGE_SHAPE_MISMATCH',
      `${input}: a mask must have one image, but the file has ${more.length + 1}`,
    );
  }
  return resampleLabel(structureOf(first, { source: input }), settings).values;
}

function resampledChannels(images: readonly StoredImage[], after: Grid, settings: ResampleSettings): Float32Array {
  const size = voxelCount(after.shape);
  const values = new Float32Array(size * images.length);
  images.forEach((image, channel) => {
    values.set(resampleImage(image, settings).values, channel * size);
  });
  return values;
}
