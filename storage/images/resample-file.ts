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
import { niftiEnding, readImage } from './image-files.js';

export interface ResampleRequest {
  readonly input: string;
  readonly output: string;
  readonly settings: ResampleSettings;
  /** The file is a mask: 0 and one other value; the result is 0 and 1. */
  readonly mask: boolean;
}

/** Most voxels that are written: 4 GiB of float32. */
const maximumVoxels = 2 ** 30;

/**
 * Resamples every channel of a NIfTI file, by default as the pipeline does, and writes the result, which names its place in space.
 * ARGUMENT_INVALID for a picture, an output that is not .nii or .nii.gz or is the input; FILE_TOO_LARGE for a spacing
 * so fine that the result would have more than 2³⁰ voxels.
 */
export async function resampleFile(request: ResampleRequest): Promise<{ readonly before: Grid; readonly after: Grid }> {
  const { input, output, settings, mask } = request;
  if (!/\.nii(\.gz)?$/i.test(output)) {
    throw new DomainError('ARGUMENT_INVALID', `${output}: its name must end in .nii or .nii.gz`);
  }
  if (!niftiEnding.test(input)) {
    throw new DomainError('ARGUMENT_INVALID', `${input}: NIfTI files are resampled; a picture has no spacing`);
  }
  if (resolve(input) === resolve(output)) throw new DomainError('ARGUMENT_INVALID', `${output} is the input itself`);
  const images = await readImage(input);
  const [first] = images;
  if (first === undefined) throw new DomainError('FILE_FORMAT_INVALID', `${input}: it holds no image`);
  const after = resampledGrid(first.grid, settings);
  if (!(voxelCount(after.shape) * images.length <= maximumVoxels)) {
    throw new DomainError(
      'FILE_TOO_LARGE',
      `${input}: at ${settings.spacingMm} mm it would have ${after.shape.join('×')} voxels`,
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
    throw new DomainError('IMAGE_SHAPE_MISMATCH', `${input}: it holds ${more.length + 1} images, but a mask is one`);
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
