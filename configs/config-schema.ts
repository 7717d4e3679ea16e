import { z } from 'zod';

import { crossProblems } from './cross-checks.js';
import { dataSetSchema, writtenDataSetSchema } from './data-set-schema.js';
import { lossSchema } from './loss-schema.js';
import { name, positive, probability } from './schema-parts.js';
import { trainingSchema } from './training-schema.js';

/**
 * Schema of the config file. Defaults are the paper's values where it states them. Every object is strict, so a
 * misspelt key is an error and never silently ignored. Editors show the descriptions.
 */

export const modelNames = ['lr', 'convnet', 'unet'] as const;

const splitSchema = z.strictObject({
  folds: z
    .int()
    .min(2)
    .max(1000)
    .default(5)
    .describe('Number of cross-validation folds, grouped by participant. With a file, the number of its lists.'),
  stratify: z
    .enum(['volumeTercile', 'none'])
    .default('volumeTercile')
    .describe('volumeTercile: each fold gets its share of small, medium and large structures. none: random folds.'),
  file: z
    .string()
    .min(1)
    .optional()
    .describe(
      "JSON file with one list of case ids per fold, used instead of drawing folds. Relative to the config file's " +
        'folder.',
    ),
});

const armsSchema = z.strictObject({
  models: z
    .array(z.enum(modelNames))
    .min(1)
    .describe('lr: voxelwise logistic regression. convnet: the U-Net without its two lowest levels. unet: the U-Net.'),
  losses: z
    .array(lossSchema)
    .min(1)
    .describe(
      'Names of losses, or losses with parameters, such as { kind: ceSd, weight: 0.5 }. The report compares each with the first.',
    ),
});

const networkSchema = z.strictObject({
  upsampling: z
    .enum(['same', 'valid'])
    .default('same')
    .describe(
      'same: predictions have the size n of the crop. valid: up-sampling without padding, as in the code of the ' +
        "paper's authors; predictions have size n − 26 along each axis, centred, with p = 0 outside.",
    ),
});

const evaluationSchema = z.strictObject({
  grid: z
    .enum(['native', 'working'])
    .default('native')
    .describe(
      'Grid of the reported numbers, tests and marks; the report shows the other beside it. native: of the original ' +
        'mask, onto which probabilities are carried back without changing their volume. working: of the prepared image, ' +
        'as in the paper.',
    ),
  clip: z
    .number()
    .gt(0)
    .lt(0.5)
    .default(1e-7)
    .describe('Probabilities are clipped to [clip, 1 − clip] in the reported cross-entropy.'),
  threshold: probability
    .default(0.5)
    .describe('Predicted probabilities above it count as structure in Dice and in the thresholded volume.'),
  surfaceToleranceMm: positive
    .default(1)
    .describe(
      'Distance in mm within which surfaces agree, for the normalised surface Dice. For pictures in pixels of the original.',
    ),
  thresholdsMl: z
    .array(positive)
    .min(1)
    .max(8)
    .optional()
    .describe(
      'Volumes in ml at which a decision changes, such as [70]: the report counts the cases whose predicted volume lies on ' +
        'the other side than the true one. For 3D data sets; those in 2D, measured in hundreds of pixels, are left out.',
    ),
});

const outputsSchema = z.strictObject({
  predictions: z
    .enum(['none', 'all'])
    .default('none')
    .describe(
      'all: beside the report, write every held-out case as predicted by every arm, as a probability map and a mask on the ' +
        'original mask\'s grid: BIDS derivatives in predictions/. "volbias report SWEEP --predictions" writes them later.',
    ),
});

const statisticsSchema = z.strictObject({
  resamples: z
    .int()
    .min(100)
    .max(1_000_000)
    .default(10_000)
    .describe('Number of bootstrap samples of the participants per test.'),
  significance: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.05)
    .describe('Significance level: a difference is significant if its p-value is below it.'),
  decides: z
    .enum(['includingTraining', 'conditional'])
    .default('includingTraining')
    .describe(
      'The test that decides the marks; both are reported. includingTraining: would networks trained anew show it? ' +
        'Compares the means of the folds. conditional: the bootstrap of the paper, which holds for these trained ' +
        'networks only.',
    ),
  interval: z
    .enum(['percentile', 'bca'])
    .default('percentile')
    .describe(
      'Bootstrap interval and p-value of the conditional test. percentile: plain quantiles. bca: corrected for bias ' +
        'and skewness, for few cases or skewed volume errors.',
    ),
  correction: z
    .enum(['none', 'holm'])
    .default('none')
    .describe(
      'Correction for testing the volume errors of several arms and data sets against 0. holm: marks follow p-values ' +
        "adjusted by Holm's method over the whole report.",
    ),
  equivalenceMargin: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.05)
    .describe(
      'Volume errors are tested for equivalence with 0: whether their mean lies within this share of the mean true ' +
        'volume.',
    ),
});

const numericsSchema = z.strictObject({
  policy: z
    .enum(['record', 'key'])
    .default('record')
    .describe(
      'Effect of a different TensorFlow build, platform or processor. record: it is recorded and results are kept. ' +
        'key: trainings and the steps that depend on them are recomputed.',
    ),
  threads: z
    .int()
    .min(1)
    .max(256)
    .default(2)
    .describe(
      'CPU threads per training. Affects the last bits of the results, so it is set here and not per machine. With ' +
        '1, one training runs per core: fastest for a sweep if memory suffices, and always for 2D crops below about ' +
        '150 × 150.',
    ),
  precision: z
    .enum(['float32', 'bfloat16'])
    .default('float32')
    .describe(
      'bfloat16: 3-wide convolutions and their gradients round their factors to bfloat16 (8 bits) and add in float32; all else ' +
        'stays float32. For processors with AVX512_BF16; others, and GPUs, are refused. See docs/precision.md for what ' +
        'it does to volumes.',
    ),
  tf32: z
    .boolean()
    .default(false)
    .describe(
      'Lets GPUs that support TF32 round the factors of matrix products and convolutions to 10 bits: faster, less ' +
        'exact. No effect on a CPU.',
    ),
  deterministic: z
    .boolean()
    .default(true)
    .describe('Use only kernels that give the same bits every time. Some are slower, especially on a GPU.'),
});

const configSchemaOf = <DataSet extends z.ZodType>(dataSet: DataSet) =>
  z
    .strictObject({
      $schema: z.string().optional().describe('Location of the JSON Schema of this file, for editors.'),
      name: name.describe('Name of the sweep: lower-case letters, digits and hyphens.'),
      seed: z
        .int()
        .min(0)
        .max(2 ** 31 - 1)
        .describe('Seed of all random streams: phantoms, folds, initial weights, case order, augmentation, bootstrap.'),
      dataSets: z.array(dataSet).min(1).max(64).describe('Data sets; each is split, trained on and tested separately.'),
      split: splitSchema.default(() => splitSchema.parse({})).describe('How cases are assigned to folds.'),
      arms: armsSchema.describe('What is compared: every model with every loss.'),
      network: networkSchema.default({ upsampling: 'same' }).describe('Settings of all networks.'),
      training: trainingSchema.default(() => trainingSchema.parse({})).describe('How networks are trained.'),
      evaluation: evaluationSchema
        .default({ grid: 'native', clip: 1e-7, threshold: 0.5, surfaceToleranceMm: 1 })
        .describe('How predictions are measured.'),
      statistics: statisticsSchema
        .default(() => statisticsSchema.parse({}))
        .describe('How volume errors and differences between losses are tested.'),
      outputs: outputsSchema.optional().describe('What is written beside the report.'),
      numerics: numericsSchema
        .default({ policy: 'record', threads: 2, precision: 'float32', tf32: false, deterministic: true })
        .describe('Numerical reproducibility across machines.'),
    })
    .superRefine(
      (config, context) => {
        for (const { path, message } of crossProblems(config)) context.addIssue({ code: 'custom', path, message });
      },
      { when: () => true },
    )
    .describe('A volbias sweep: every arm (model × loss) trained and evaluated on every fold of every data set.');

/** A config in which all is settled: what a sweep computes. */
export const configSchema = configSchemaOf(dataSetSchema);

/** A config as people write it. */
export const writtenConfigSchema = configSchemaOf(writtenDataSetSchema);

export type Config = z.infer<typeof configSchema>;
export type WrittenConfig = z.infer<typeof writtenConfigSchema>;
export type DataSetConfig = Config['dataSets'][number];
export type PreprocessingConfig = DataSetConfig['preprocessing'];
