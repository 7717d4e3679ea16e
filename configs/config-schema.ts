import { z } from 'zod';

import { crossProblems } from './cross-checks.js';
import { dataSetSchema } from './data-set-schema.js';
import { name, probability } from './schema-parts.js';
import { trainingSchema } from './training-schema.js';

/**
 * The config file's form. Every value has the paper's default where the paper states one; each object is strict, so
 * a misspelt key is an error rather than a setting silently ignored. The descriptions are what editors show.
 */

export const modelNames = ['lr', 'convnet', 'unet'] as const;
export const lossNames = ['ce', 'sd'] as const;

const splitSchema = z.strictObject({
  folds: z
    .int()
    .min(2)
    .max(100)
    .default(5)
    .describe('number of folds of the cross-validation, grouped by participant; with a file, as many as it has lists'),
  stratify: z
    .enum(['volumeTercile', 'none'])
    .default('volumeTercile')
    .describe('volumeTercile: each fold gets its share of small, middle and large structures; none: at random'),
  file: z
    .string()
    .min(1)
    .optional()
    .describe(
      "JSON file, relative to the config file's own folder: one list of case ids for each fold, used instead of drawing",
    ),
});

const armsSchema = z.strictObject({
  models: z
    .array(z.enum(modelNames))
    .min(1)
    .describe(
      'lr: logistic regression of each voxel; convnet: the U-Net without its two lowest levels; unet: the U-Net',
    ),
  losses: z.array(z.enum(lossNames)).min(1).describe('ce: cross-entropy; sd: soft Dice'),
});

const networkSchema = z.strictObject({
  upsampling: z
    .enum(['same', 'valid'])
    .default('same')
    .describe(
      "same: predictions have the crop's size n; valid: the authors' up-sampling without padding, predictions have " +
        'n − 26 along each axis, centred, and outside p = 0',
    ),
});

const evaluationSchema = z.strictObject({
  clip: z
    .number()
    .gt(0)
    .lt(0.5)
    .default(1e-7)
    .describe('probabilities are clipped to [clip, 1 − clip] in the cross-entropy that is reported'),
  threshold: probability
    .default(0.5)
    .describe('a predicted probability above it counts as structure in Dice and in the thresholded volume'),
});

const statisticsSchema = z.strictObject({
  resamples: z
    .int()
    .min(100)
    .max(1_000_000)
    .default(10_000)
    .describe('bootstrap samples of the participants for each test'),
  significance: z.number().gt(0).lt(1).default(0.05).describe('the p-value below which a difference is significant'),
});

const numericsSchema = z.strictObject({
  policy: z
    .enum(['record', 'key'])
    .default('record')
    .describe(
      'what another TensorFlow build, platform or processor means. record: it is written down, results are kept; key: trainings ' +
        'and what follows are computed again',
    ),
  threads: z
    .int()
    .min(1)
    .max(256)
    .default(2)
    .describe(
      'CPU threads of one training; it changes the last bits of the results, so it is set here, not by machine. With 1, as ' +
        'many trainings run side by side as there are cores: fastest for a sweep if their memory suffices, and for 2D ' +
        'crops below about 150 × 150 in any case',
    ),
  tf32: z
    .boolean()
    .default(false)
    .describe(
      'on GPUs that can, matrix products and convolutions may round their factors to 10 bits (TF32): faster, less exact; ' +
        'means nothing on a CPU',
    ),
  deterministic: z
    .boolean()
    .default(true)
    .describe('use only kernels that give the same bits every time; some are slower, on a GPU above all'),
});

export const configSchema = z
  .strictObject({
    $schema: z.string().optional().describe('where an editor finds the JSON Schema of this file'),
    name: name.describe("the sweep's name: lower-case letters, digits and hyphens"),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .describe('begins every random stream: phantoms, folds, weights, order of cases, augmentation, bootstrap'),
    dataSets: z.array(dataSetSchema).min(1).max(64).describe('each is split, trained on and tested by itself'),
    split: splitSchema.default(() => splitSchema.parse({})).describe('how cases are dealt to folds'),
    arms: armsSchema.describe('what is compared: every model with every loss'),
    network: networkSchema.default({ upsampling: 'same' }).describe('what all models have in common'),
    training: trainingSchema.default(() => trainingSchema.parse({})).describe('how networks learn'),
    evaluation: evaluationSchema.default({ clip: 1e-7, threshold: 0.5 }).describe('how predictions are measured'),
    statistics: statisticsSchema
      .default({ resamples: 10_000, significance: 0.05 })
      .describe('the paired bootstrap that tests differences'),
    numerics: numericsSchema
      .default({ policy: 'record', threads: 2, tf32: false, deterministic: true })
      .describe('what makes the same numbers on another machine'),
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
