import { z } from 'zod';

import { count, nonNegative, positive, probability } from './schema-parts.js';

/** Schema of the training settings: optimiser, learning rate, end of training, augmentation. */

const percentile = z.number().min(0).max(100);
/** Leaves out what metal, bone or air would do to the range. */
const tissuePercentiles: [number, number] = [0.5, 99.5];

const augmentationSchema = z.strictObject({
  rotationInPlaneDegrees: nonNegative
    .default(15)
    .describe('Standard deviation of the rotation in the x-y plane, in degrees. 0: none.'),
  rotationOtherAxesDegrees: nonNegative
    .default(5)
    .describe('3D only: standard deviation of the rotations about x and about y, in degrees. 0: none.'),
  scale: z
    .tuple([positive, positive])
    .default([0.85, 1.25])
    .describe('Range of the isotropic scale, drawn uniformly; above 1 the image grows. [1, 1]: none.'),
  translationVoxels: z
    .union([nonNegative, z.literal('auto')])
    .default('auto')
    .describe(
      'Standard deviation of the shift along each axis, in voxels. 0: none. auto: 5, or less in proportion if the shortest ' +
        'edge of the crop is below 108.',
    ),
  elastic: z
    .union([
      z.literal('none'),
      z.literal('auto'),
      z.strictObject({
        gridSpacingVoxels: positive.default(30).describe('Distance between control points, in voxels.'),
        shiftVoxels: z
          .tuple([nonNegative, nonNegative])
          .default([1, 3])
          .describe('Range of the root-mean-square shift along each axis, in voxels, drawn uniformly.'),
        smoothingVoxels: positive
          .default(6)
          .describe('Standard deviation of the Gaussian that smooths the shifts, in voxels.'),
      }),
    ])
    .default('auto')
    .describe(
      'Smooth random deformation, or none. auto: the values below, or less in proportion if the shortest edge of the ' +
        'crop is below 108.',
    ),
  flipLeftRightProbability: probability
    .default(0.5)
    .describe('Probability of mirroring x. Use 0 if left and right differ in meaning.'),
  gamma: z
    .strictObject({
      range: z.tuple([positive, positive]).default([0.7, 1.5]).describe('Range of the exponent, drawn uniformly.'),
      probability: probability.default(0.3).describe('Probability that a modality is changed. 0: none.'),
      percentiles: z
        .tuple([percentile, percentile])
        .refine(([low, high]) => low < high, 'expected the lower percentile first')
        .default(tissuePercentiles)
        .describe('Percentiles of the tissue between which values are changed; the others keep their values.'),
    })
    .default({ range: [0.7, 1.5], probability: 0.3, percentiles: tissuePercentiles })
    .describe(
      "Gamma correction of a modality's tissue: the voxels in the mask, or without a mask all but the padding of the crop.",
    ),
  intensityShift: nonNegative
    .default(0.1)
    .describe(
      'Standard deviation of the offset added to a modality, in standard deviations of its intensities. 0: none.',
    ),
  intensityScale: nonNegative
    .default(0.1)
    .describe("Standard deviation of a modality's factor, whose mean is 1. 0: none."),
});

export const trainingSchema = z.strictObject({
  repeats: count
    .max(20)
    .optional()
    // A config that says 1 is the same as one that says nothing: the same sweep, with the same keys.
    .overwrite((repeats) => (repeats === 1 ? undefined : repeats))
    .meta({ default: 1 })
    .describe(
      'Trainings of each arm on each fold, with other initial weights, another case order and other augmentation. ' +
        'Each case counts with its mean over them.',
    ),
  batchSize: count.max(256).default(1).describe('Whole images per training step.'),
  maxEpochs: count
    .max(100_000)
    .default(1000)
    .describe('Training ends after this many passes over the training cases, unless it stops early.'),
  learningRate: z
    .strictObject({
      lr: positive.default(1).describe('Learning rate of the logistic regression.'),
      convnet: positive.default(1e-3).describe('Learning rate of the ConvNet.'),
      unet: positive.default(1e-3).describe('Learning rate of the U-Net.'),
    })
    .default({ lr: 1, convnet: 1e-3, unet: 1e-3 })
    .describe("Adam's initial learning rate, by model."),
  adam: z
    .strictObject({
      beta1: probability.default(0.9).describe('Decay of the running mean of the gradient, 0 to 1.'),
      beta2: probability.default(0.999).describe('Decay of the running mean of the squared gradient, 0 to 1.'),
      epsilon: positive
        .default(1e-7)
        .describe(
          'Added to the square root of the running mean of the squared gradient after its bias correction, as in ' +
            "PyTorch. (Keras adds its ε before, as Kingma and Ba's ε̂.)",
        ),
    })
    .default({ beta1: 0.9, beta2: 0.999, epsilon: 1e-7 })
    .describe('Settings of the optimiser, Adam.'),
  plateau: z
    .strictObject({
      patienceEpochs: count.default(75).describe('Consecutive epochs without improvement of the validation loss.'),
      divideBy: z.number().gt(1).default(5).describe('Divisor of the learning rate at a plateau.'),
    })
    .default({ patienceEpochs: 75, divideBy: 5 })
    .describe('Learning-rate schedule: when and by how much the learning rate is lowered.'),
  stop: z
    .strictObject({
      patienceEpochs: count.default(150).describe('Consecutive epochs without improvement of the validation loss.'),
    })
    .default({ patienceEpochs: 150 })
    .describe('Early stopping.'),
  minDelta: z
    .union([
      nonNegative,
      z.strictObject({
        relative: nonNegative.lt(1).default(1e-3).describe('Share of the loss to improve on, below 1.'),
      }),
    ])
    .default({ relative: 1e-3 })
    .describe(
      'Smallest decrease of the validation loss that plateau and stop count as an improvement. A number is absolute, ' +
        "as in the code of the paper's authors: the same number is a larger share of cross-entropy than of soft Dice, " +
        'so cross-entropy trains with lower learning rates and stops sooner. relative: the same share for each loss.',
    ),
  validation: z
    .enum(['heldOut', 'inner'])
    .default('inner')
    .describe(
      "Cases that the validation loss is computed on. heldOut: the held-out fold, as the paper's authors did, which " +
        'makes the results optimistic. inner: a fifth of the training participants.',
    ),
  softDice: z
    .strictObject({
      epsilon: positive.default(1e-7).describe('Added to numerator and denominator, in voxels.'),
      reduction: z
        .enum(['image', 'batch'])
        .default('image')
        .describe('image: one loss per image, then their mean. batch: one loss over all voxels of the batch.'),
    })
    .default({ epsilon: 1e-7, reduction: 'image' })
    .describe('Settings of the loss sd.'),
  augmentation: z
    .union([z.literal('none'), augmentationSchema])
    .default('none')
    .describe('Random changes of the training images, drawn anew in each epoch. none: no changes.'),
  checkpointMinutes: positive.default(5).describe('Checkpoint interval, in minutes. Does not affect results.'),
  onConstantPrediction: z
    .enum(['record', 'diverge'])
    .default('record')
    .describe(
      'What happens to a training at whose end the best network, or every network after it, predicts the same ' +
        'probability at all validation voxels. record: it counts, and the report says so. diverge: it fails as ' +
        'Diverged and leaves a gap.',
    ),
});
