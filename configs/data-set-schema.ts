import { z } from 'zod';

import { axes, count, name, nonNegative, positive, probability } from './schema-parts.js';

/** A data set of the config: where it lies or how it is drawn, and how its images are prepared. */

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
      .describe('2: pictures (kind folder2d, modalities [grey]); 3: NIfTI images (kind nnunet, modalities [T1, T2])'),
    cases: z.int().min(2).max(10_000).describe('number of images, each a participant of its own'),
    shape: axes.describe('size of each image, in pixels [x, y] or voxels [x, y, z]'),
    spacingMm: z
      .tuple([positive, positive, positive])
      .default([1, 1, 1])
      .describe('3D only: size of a voxel along x, y, z, in mm'),
    bitDepth: z
      .union([z.literal(8), z.literal(16)])
      .default(8)
      .describe('2D only: bits of a pixel of the PNG files'),
    coreRadius: positive.describe('radius of the certain core, in pixels (2D) or mm (3D)'),
    regions: z.int().min(1).max(64).describe('N, the number of uncertain regions'),
    regionRadius: positive.describe('radius of each uncertain region, in pixels (2D) or mm (3D)'),
    probability: probability.describe(
      'p, with which each uncertain region belongs to the structure, whatever is visible; 0 to 1',
    ),
    noise: nonNegative
      .default(0.05)
      .describe("standard deviation of the images' noise; the core is 1 above the background"),
  })
  .describe('a synthetic data set with known inherent uncertainty, written below the data folder and read back');

const maskSchema = z
  .union([
    z.literal('none'),
    z.strictObject({
      modality: z.string().min(1).describe('one of the modalities above'),
      greaterThan: z
        .number()
        .describe("voxels above it are inside, it itself is outside; in the modality's own units, before normalising"),
    }),
  ])
  .default('none')
  .describe(
    'where a structure can be: outside, p = 0 by rule and intensities do not count in mean and standard deviation; ' +
      'none: everywhere',
  );

const preprocessingSchema = z.strictObject({
  spacingMm: positive
    .default(2)
    .describe(
      '3D only: edge of the cubic voxels, in mm, to which images and masks are resampled (linear; masks ≥ 0.5)',
    ),
  resampling: z
    .enum(['itk', 'scipyZoom'])
    .default('itk')
    .describe(
      '3D only. itk: the new grid has the centre of the old field of view; scipyZoom: first and last voxel centres ' +
        "stay where they are, as in SciPy's zoom. The choice alone can change a volume by several per cent",
    ),
  roi: z
    .strictObject({
      sizePixels: count.describe('edge of the square, in pixels of the original picture; a multiple of downsample'),
      downsample: count.describe('edge, in original pixels, of the blocks that are averaged to one pixel; 1: none'),
    })
    .optional()
    .describe("2D only: cut a square round the geometrical centre of the structure's mask, then average it down"),
  mask: maskSchema,
  normalisation: z
    .strictObject({
      scope: z
        .enum(['dataset', 'training', 'case'])
        .describe(
          'over what mean and standard deviation of a modality are taken. dataset: all cases, held-out ones too (the ' +
            "paper); training: the fold's training cases only, so nothing leaks; case: each case by itself, for scans " +
            'of unlike intensity scales',
        ),
    })
    .default({ scope: 'training' })
    .describe('each modality becomes (x − mean) / standard deviation'),
  crop: axes.describe(
    'the central crop that networks see, in voxels after resampling (2D: pixels after roi), padded with 0, the mean. ' +
      'The U-Net takes multiples of 27, the ConvNet multiples of 3',
  ),
});

export const dataSetSchema = z.strictObject({
  name: name.describe("the data set's name in the report; also names its random streams, so folds change with it"),
  kind: z
    .enum(dataSetKinds)
    .describe(
      'layout on disk. folder2d: images/ and masks/ with PNG or JPEG pairs; decathlon: dataset.json of the Medical ' +
        'Segmentation Decathlon; nnunet: imagesTr/CASE_0000.nii.gz and labelsTr/; brats: CASE/CASE_flair.nii.gz, below ' +
        'HGG/ and LGG/ or not; isles2017: training_1/VSD.…/; isles2018: case_1/SMIR.…/; bids: sub-01/anat/sub-01_T1w.nii.gz ' +
        'with masks below derivatives/; tufts: the Tufts Dental Database; manifest: manifest.csv with the columns case, ' +
        'label, one for each modality, and perhaps participant, paths being relative to it',
    ),
  path: z
    .string()
    .min(1)
    .optional()
    .describe("folder of the data set, relative to the config file's own folder; not with a phantom"),
  participants: z
    .string()
    .min(1)
    .optional()
    .describe(
      "CSV file with the columns case,participant, relative to the config file's own folder: cases of one participant " +
        'stay in one fold. Without it every case is a participant of its own',
    ),
  modalities: z
    .array(z.string().min(1).max(40))
    .min(1)
    .max(8)
    .describe("input channels in the order in which networks see them, by the layout's names"),
  label: z
    .strictObject({
      greaterThan: z
        .number()
        .default(0)
        .describe("label values above it are the structure, in the mask file's own values"),
      allowed: z
        .array(z.number())
        .min(1)
        .max(64)
        .optional()
        .describe('all values that may stand in a mask file; any other one is an error. Without it, any value may'),
      title: z
        .string()
        .min(1)
        .optional()
        .describe(
          'tufts only: the tooth that is the structure, by its outlines in teeth_polygon.json; Universal numbering, so FDI ' +
            '38 is 17. Without it, all teeth by teeth_mask/',
        ),
    })
    .optional()
    .describe(
      'which values of the mask files are the structure. Without it masks must be binary: 0 and one other, positive value',
    ),
  nonFinite: z
    .enum(['error', 'zero'])
    .default('error')
    .describe('voxels that are NaN or infinite. error: the case is faulty; zero: they become 0, and are counted'),
  onInvalidCase: z
    .enum(['stop', 'exclude'])
    .default('stop')
    .describe(
      'stop: one faulty case ends the sweep, once all are listed; exclude: go on without, the report says which',
    ),
  overrideSpacingMm: z
    .tuple([positive, positive, positive])
    .optional()
    .describe(
      'spacing of all images and masks along x, y, z in mm, believed instead of what the files say; for files whose ' +
        'pixdim is 0 or contradicts the affine, which otherwise are errors',
    ),
  phantom: phantomSchema.optional(),
  preprocessing: preprocessingSchema.describe('how images and masks become what networks see'),
});
