import { z } from 'zod';

import { crossProblems } from './cross-checks.js';

/**
 * The config file's form. Every value has the paper's default where the paper states one; each object is strict, so
 * a misspelt key is an error rather than a setting silently ignored.
 */

const name = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'expected lower-case letters, digits and hyphens, at most 63, starting with a letter or digit',
  );
const positive = z.number().positive();
const nonNegative = z.number().nonnegative();
const count = z.int().positive();
const probability = z.number().min(0).max(1);
const axes = z.union([z.tuple([count, count]), z.tuple([count, count, count])]);

export const modelNames = ['lr', 'convnet', 'unet'] as const;
export const lossNames = ['ce', 'sd'] as const;
export const dataSetKinds = ['folder2d', 'decathlon', 'nnunet', 'brats', 'isles2017', 'isles2018'] as const;

export const phantomSchema = z
  .strictObject({
    dimensions: z.union([z.literal(2), z.literal(3)]),
    cases: z.int().min(2).max(10_000),
    shape: axes.describe('size of each image in pixels or voxels'),
    spacingMm: z.tuple([positive, positive, positive]).default([1, 1, 1]).describe('3D only'),
    bitDepth: z
      .union([z.literal(8), z.literal(16)])
      .default(8)
      .describe('2D only: depth of the PNG'),
    coreRadius: positive.describe('radius of the certain core, in pixels (2D) or mm (3D)'),
    regions: z.int().min(1).max(64).describe('N, the number of uncertain regions'),
    regionRadius: positive.describe('radius of each uncertain region, in pixels (2D) or mm (3D)'),
    probability: probability.describe('p, with which each uncertain region belongs to the structure'),
    noise: nonNegative.default(0.05).describe('standard deviation of the noise; the core is 1 above the background'),
  })
  .describe('a synthetic data set with known inherent uncertainty, written below the data folder and read back');

const maskSchema = z.union([
  z.literal('none'),
  z.strictObject({ modality: z.string().min(1), greaterThan: z.number() }),
]);

const preprocessingSchema = z.strictObject({
  spacingMm: positive.default(2).describe('3D: isotropic voxel size that images and masks are resampled to'),
  resampling: z.enum(['itk', 'scipyZoom']).default('itk'),
  roi: z
    .strictObject({ sizePixels: count, downsample: count })
    .optional()
    .describe("2D: a square round the geometrical centre of the structure's mask, averaged down"),
  mask: maskSchema.default('none').describe('outside it p = 0 and intensities do not count in the statistics'),
  normalisation: z.strictObject({ scope: z.enum(['dataset', 'training', 'case']) }).default({ scope: 'training' }),
  crop: axes.describe('the central crop that networks see, in voxels after resampling'),
});

const dataSetSchema = z.strictObject({
  name,
  kind: z.enum(dataSetKinds),
  path: z.string().min(1).optional().describe("folder of the data set, relative to the config file's own folder"),
  participants: z.string().min(1).optional().describe('CSV file with columns case,participant'),
  modalities: z.array(z.string().min(1).max(40)).min(1).max(8),
  label: z.strictObject({ greaterThan: z.number() }).default({ greaterThan: 0 }),
  phantom: phantomSchema.optional(),
  preprocessing: preprocessingSchema,
});

export const augmentationSchema = z.strictObject({
  rotationInPlaneDegrees: nonNegative.default(15).describe('standard deviation'),
  rotationOtherAxesDegrees: nonNegative.default(5).describe('standard deviation; 3D only'),
  scale: z.tuple([positive, positive]).default([0.85, 1.25]).describe('uniform between'),
  translationVoxels: nonNegative.default(5).describe('standard deviation'),
  elastic: z
    .union([
      z.literal('none'),
      z.strictObject({
        gridSpacingVoxels: positive.default(30),
        shiftVoxels: z.tuple([nonNegative, nonNegative]).default([1, 3]),
        smoothingVoxels: positive.default(6),
      }),
    ])
    .default({ gridSpacingVoxels: 30, shiftVoxels: [1, 3], smoothingVoxels: 6 }),
  flipLeftRightProbability: probability.default(0.5),
  gamma: z
    .strictObject({ range: z.tuple([positive, positive]), probability })
    .default({ range: [0.7, 1.5], probability: 0.3 }),
  intensityShift: nonNegative.default(0.1).describe('standard deviation, per modality'),
  intensityScale: nonNegative.default(0.1).describe('standard deviation round 1, per modality'),
});

const splitSchema = z.strictObject({
  folds: z.int().min(2).max(100).default(5),
  stratify: z.enum(['volumeTercile', 'none']).default('volumeTercile'),
  file: z.string().min(1).optional().describe('JSON: one list of case ids a fold; used instead of drawing the folds'),
});

const trainingSchema = z.strictObject({
  batchSize: count.max(256).default(1),
  maxEpochs: count.max(100_000).default(1000),
  learningRate: z
    .strictObject({ lr: positive, convnet: positive, unet: positive })
    .default({ lr: 1, convnet: 1e-3, unet: 1e-3 }),
  adam: z
    .strictObject({ beta1: probability, beta2: probability, epsilon: positive })
    .default({ beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }),
  plateau: z
    .strictObject({ patienceEpochs: count, divideBy: z.number().gt(1) })
    .default({ patienceEpochs: 75, divideBy: 5 }),
  stop: z.strictObject({ patienceEpochs: count }).default({ patienceEpochs: 150 }),
  minDelta: nonNegative.default(1e-4).describe('smallest fall of the validation loss that counts as an improvement'),
  validation: z
    .enum(['heldOut', 'inner'])
    .default('inner')
    .describe("heldOut: the held-out fold, as the paper's authors did; inner: a fifth of the training participants"),
  softDice: z
    .strictObject({ epsilon: positive, reduction: z.enum(['image', 'batch']) })
    .default({ epsilon: 1e-7, reduction: 'image' }),
  augmentation: z.union([z.literal('none'), augmentationSchema]).default('none'),
  checkpointMinutes: positive.default(5),
});

export const configSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name,
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1),
    dataSets: z.array(dataSetSchema).min(1).max(64),
    split: splitSchema.default(() => splitSchema.parse({})),
    arms: z.strictObject({
      models: z.array(z.enum(modelNames)).min(1),
      losses: z.array(z.enum(lossNames)).min(1),
    }),
    network: z
      .strictObject({
        upsampling: z.enum(['same', 'valid']).default('same'),
      })
      .default({ upsampling: 'same' }),
    training: trainingSchema.default(() => trainingSchema.parse({})),
    evaluation: z
      .strictObject({
        clip: z.number().gt(0).lt(0.5).default(1e-7).describe('probabilities are clipped to [clip, 1 − clip] in CE'),
        threshold: probability.default(0.5).describe('ŷ above it counts as structure in Dice'),
      })
      .default({ clip: 1e-7, threshold: 0.5 }),
    statistics: z
      .strictObject({
        resamples: z.int().min(100).max(1_000_000).default(10_000),
        significance: z.number().gt(0).lt(1).default(0.05),
      })
      .default({ resamples: 10_000, significance: 0.05 }),
    numerics: z
      .strictObject({
        policy: z.enum(['record', 'key']).default('record'),
        threads: z.int().min(1).max(256).default(2).describe('threads of one training; part of its numerics'),
      })
      .default({ policy: 'record', threads: 2 }),
  })
  .superRefine(
    (config, context) => {
      for (const { path, message } of crossProblems(config)) context.addIssue({ code: 'custom', path, message });
    },
    { when: () => true },
  )
  .describe('A volbias sweep: every arm (model × loss) trained and evaluated on every fold of every data set.');

export type Config = z.infer<typeof configSchema>;
export type DataSetConfig = Config['dataSets'][number];
export type PreprocessingConfig = DataSetConfig['preprocessing'];
export type PhantomConfig = z.infer<typeof phantomSchema>;
export type TrainingConfig = Config['training'];
export type AugmentationConfig = z.infer<typeof augmentationSchema>;
export type ModelName = (typeof modelNames)[number];
export type LossName = (typeof lossNames)[number];
