import { z } from 'zod';

import { labelSchema, structuresSchema } from './label-schema.js';
import { count, name, nonNegative, positive, probability, sizePerAxis } from './schema-parts.js';

/** Schema of a data set: where it is or how its phantom is drawn, and how its images are prepared. */

const dataSetKinds = [
  'folder2d',
  'decathlon',
  'nnunet',
  'brats',
  'isles2017',
  'isles2018',
  'bids',
  'tufts',
  'manifest',
] as const;

const phantomSchema = z
  .strictObject({
    dimensions: z
      .union([z.literal(2), z.literal(3)])
      .describe('2: pictures (kind folder2d, modalities [grey]). 3: NIfTI images (kind nnunet, modalities [T1, T2]).'),
    cases: z.int().min(2).max(10_000).describe('Number of images, each of a different participant.'),
    shape: sizePerAxis.describe('Size of each image, in pixels [x, y] or voxels [x, y, z].'),
    spacingMm: z
      .tuple([positive, positive, positive])
      .default([1, 1, 1])
      .describe('3D only: voxel spacing along x, y and z, in mm.'),
    bitDepth: z
      .union([z.literal(8), z.literal(16)])
      .default(8)
      .describe('2D only: bit depth of the PNG files.'),
    coreRadius: positive.describe('Radius of the certain core, in pixels (2D) or mm (3D).'),
    regions: z.int().min(1).max(64).describe('N, the number of uncertain regions.'),
    regionRadius: positive.describe('Radius of each uncertain region, in pixels (2D) or mm (3D).'),
    probability: probability.describe(
      'p, the probability that each uncertain region belongs to the structure, independent of the image; 0 to 1.',
    ),
    noise: nonNegative
      .default(0.05)
      .describe('Standard deviation of the image noise; the core is 1 above the background.'),
  })
  .describe('A synthetic data set with known inherent uncertainty, written to the data folder and read from there.');

const maskSchema = z
  .union([
    z.literal('none'),
    z.strictObject({
      modality: z.string().min(1).describe("One of the data set's modalities."),
      greaterThan: z
        .number()
        .describe(
          "Voxels above this value are inside the mask, all others outside. In the modality's own units, before " +
            'normalisation.',
        ),
    }),
  ])
  .default('none')
  .describe(
    'Where a structure can be. Outside, p = 0 by rule, and voxels count neither in the losses nor in the mean and the ' +
      'standard deviation of the intensities. none: everywhere.',
  );

const cropDescription =
  'Central crop that networks see, in voxels after resampling (2D: pixels after roi), padded with 0, the mean. ' +
  'Padding counts in no loss. The U-Net needs multiples of 27, the ConvNet multiples of 3.';

const preprocessingSchema = z.strictObject({
  spacingMm: positive
    .default(2)
    .describe(
      '3D only: edge length, in mm, of the voxels to which images (linearly) and masks (label.resampling) are resampled. ' +
        'These are cubes, unless the axes of the image are sheared.',
    ),
  resampling: z
    .enum(['centred', 'origin', 'scipyZoom', 'itk'])
    .default('centred')
    .transform((name) => (name === 'itk' ? 'centred' : name))
    .describe(
      '3D only. centred: the new grid keeps the centre of the old field of view. origin: the centre of the first voxel ' +
        "stays in place, as is usual with ITK's ResampleImageFilter. scipyZoom: the first and last voxel centres stay " +
        "in place, as in SciPy's zoom. This choice alone can change a volume by several per cent. itk: the former name " +
        'of centred.',
    ),
  antiAlias: z
    .enum(['gaussian', 'none'])
    .default('gaussian')
    .describe(
      '3D only. gaussian: images are smoothed first along each axis whose voxels become larger, by a Gaussian of ' +
        'variance (f² − 1)/12 old voxels² for a factor f, so that details finer than the new voxels do not alias. none: ' +
        'linear interpolation alone, which skips voxels if f is above 2. Masks are never smoothed.',
    ),
  align: z
    .enum(['none', 'toFirst'])
    .default('none')
    .describe(
      '3D only. none: all modalities of a case must have the same voxels; they may be flipped or in another axis order. ' +
        "toFirst: others are interpolated linearly onto the first modality's voxels by their headers, without " +
        'registration; outside their field of view they are 0. Masks must have the voxels of the first modality.',
    ),
  roi: z
    .strictObject({
      sizePixels: count.describe('Edge of the square, in pixels of the original picture; a multiple of downsample.'),
      downsample: count.describe('Edge, in original pixels, of the blocks averaged to one pixel. 1: no averaging.'),
    })
    .optional()
    .describe(
      "2D only: cut a square around the geometric centre of the structure's mask, then downsample it by averaging.",
    ),
  mask: maskSchema,
  normalisation: z
    .strictObject({
      scope: z
        .enum(['dataset', 'training', 'case'])
        .default('training')
        .describe(
          'Cases over which the mean and standard deviation of a modality are computed. dataset: all cases, ' +
            "including held-out ones (the paper). training: only the fold's training cases, so nothing leaks. case: " +
            'each case separately, for scans with different intensity scales.',
        ),
    })
    .default({ scope: 'training' })
    .describe('Each modality becomes (x − mean) / standard deviation.'),
  maxVoxels: count
    .default(2 ** 27)
    .describe(
      'Limit on the voxels of a prepared case, over all modalities. A case that would have more is faulty: mostly its ' +
        'spacing is wrong. Memory for preparing a case is 15 to 28 bytes per voxel, most with volumePreserving masks, and what its files need.',
    ),
  crop: sizePerAxis.describe(cropDescription),
});

export const dataSetSchema = z.strictObject({
  name: name.describe(
    'Name of the data set in the report. It also names the random streams, so renaming changes the folds.',
  ),
  kind: z
    .enum(dataSetKinds)
    .describe(
      'Layout on disk. folder2d: images/ and masks/ with PNG, JPEG or TIFF pairs. decathlon: dataset.json of the Medical ' +
        'Segmentation Decathlon. nnunet: imagesTr/CASE_0000.nii.gz (or .nrrd, .mha, .png, …; with one modality also ' +
        'CASE.nii.gz) and labelsTr/. brats: CASE/CASE_flair.nii.gz, optionally below HGG/ and LGG/, or (2023) CASE-t2f.nii.gz. ' +
        'isles2017: training_1/VSD.…/. isles2018: case_1/SMIR.…/. bids: ' +
        'sub-01/anat/sub-01_T1w.nii.gz, with masks below derivatives/, or if there are none, beside the images. tufts: the ' +
        'Tufts Dental Database. manifest: manifest.csv with the columns case, label, one per modality and optionally ' +
        'participant, with commas, semicolons or tabs between them; paths are absolute, or relative to it.',
    ),
  path: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Folder of the data set, relative to the config file's folder. Its files are only read, and may be symbolic links " +
        'to files elsewhere. Not allowed with a phantom.',
    ),
  images: z
    .string()
    .min(1)
    .optional()
    .describe(
      'folder2d and nnunet only: the folder of the images, absolute or relative to path. Default: images, image or imagesTr, ' +
        'in any capitals.',
    ),
  masks: z
    .string()
    .min(1)
    .optional()
    .describe(
      'folder2d and nnunet only: the folder of the masks, absolute or relative to path. Default: masks, mask, labels, ' +
        'label or labelsTr, in any capitals.',
    ),
  participants: z
    .string()
    .min(1)
    .optional()
    .describe(
      "CSV file with the columns case,participant, relative to the config file's folder. Cases of one participant " +
        'stay in one fold. Without it, participants come from the layout if it knows them; else every case is its ' +
        'own participant.',
    ),
  modalities: z
    .array(z.string().min(1).max(40))
    .min(1)
    .max(8)
    .describe("Input channels in the order in which networks see them, with the layout's names."),
  label: labelSchema,
  structures: structuresSchema.optional(),
  nonFinite: z
    .enum(['error', 'zero'])
    .default('error')
    .describe('Voxels that are NaN or infinite. error: the case is faulty. zero: they become 0 and are counted.'),
  volume: z
    .int()
    .nonnegative()
    .optional()
    .describe(
      'Which volume of 4-D images to read, from 0, if the layout does not say; else a 4-D image is an error. 3-D images are read whole.',
    ),
  onInvalidCase: z
    .enum(['stop', 'exclude'])
    .default('stop')
    .describe(
      'stop: a faulty case ends the sweep, after all faulty cases are listed. exclude: faulty cases are left out, ' +
        'and the report lists them.',
    ),
  overrideSpacingMm: z
    .tuple([positive, positive, positive])
    .optional()
    .describe(
      'Spacing of all images and masks along x, y and z, in mm, instead of the spacing in the files. For files whose ' +
        'pixdim is 0 or contradicts the affine, which is otherwise an error.',
    ),
  gridToleranceVoxels: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      "3D only: how far the headers of a case's files may place the same voxel apart, as a fraction of the smallest voxel " +
        'edge, and the files still count as on one grid, that of the first modality. For origins that differ by less ' +
        'than a voxel although the images belong together. Default: 0.1.',
    ),
  phantom: phantomSchema.optional(),
  preprocessing: preprocessingSchema.describe('How images and masks become the input of networks.'),
});

/** As people write it: the crop may be left to the data. */
export const writtenDataSetSchema = dataSetSchema.extend({
  preprocessing: preprocessingSchema
    .extend({
      crop: z
        .union([sizePerAxis, z.literal('auto')])
        .default('auto')
        .describe(
          `${cropDescription} auto: the smallest sizes that all models of the config take and that hold the largest ` +
            'image of the data set.',
        ),
    })
    .prefault({})
    .describe('How images and masks become the input of networks.'),
});
