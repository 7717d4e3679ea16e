import { z } from 'zod';

import { count, nonNegative, positive, probability } from './schema-parts.js';

/** How networks learn: optimiser, learning rate, end of training, augmentation. */

const augmentationSchema = z.strictObject({
  rotationInPlaneDegrees: nonNegative
    .default(15)
    .describe('standard deviation of the rotation in the x-y plane, in degrees; 0: none'),
  rotationOtherAxesDegrees: nonNegative
    .default(5)
    .describe('3D only: standard deviation of the rotations round x and round y, in degrees; 0: none'),
  scale: z
    .tuple([positive, positive])
    .default([0.85, 1.25])
    .describe('the isotropic scale is uniform between these; above 1 the image grows; [1, 1]: none'),
  translationVoxels: nonNegative
    .default(5)
    .describe('standard deviation of the shift along each axis, in voxels; 0: none'),
  elastic: z
    .union([
      z.literal('none'),
      z.strictObject({
        gridSpacingVoxels: positive.default(30).describe('distance of the control points, in voxels'),
        shiftVoxels: z
          .tuple([nonNegative, nonNegative])
          .default([1, 3])
          .describe('root mean square shift along each axis, in voxels, uniform between these'),
        smoothingVoxels: positive
          .default(6)
          .describe('standard deviation of the Gaussian that smooths the shifts, in voxels'),
      }),
    ])
    .default({ gridSpacingVoxels: 30, shiftVoxels: [1, 3], smoothingVoxels: 6 })
    .describe('smooth random deformation, or none'),
  flipLeftRightProbability: probability
    .default(0.5)
    .describe('probability of mirroring x; 0 where left and right must not be confused'),
  gamma: z
    .strictObject({
      range: z.tuple([positive, positive]).describe('the exponent is uniform between these'),
      probability: probability.describe('probability that a modality is changed; 0: none'),
    })
    .default({ range: [0.7, 1.5], probability: 0.3 })
    .describe("gamma correction of a modality on the image's own range"),
  intensityShift: nonNegative
    .default(0.1)
    .describe('standard deviation of what is added to a modality, in standard deviations of its intensities; 0: none'),
  intensityScale: nonNegative.default(0.1).describe("standard deviation round 1 of a modality's factor; 0: none"),
});

export const trainingSchema = z.strictObject({
  batchSize: count.max(256).default(1).describe('whole images of one step'),
  maxEpochs: count
    .max(100_000)
    .default(1000)
    .describe('training ends after so many passes over the training cases, if it has not stopped before'),
  learningRate: z
    .strictObject({
      lr: positive.describe('of the logistic regression'),
      convnet: positive.describe('of the ConvNet'),
      unet: positive.describe('of the U-Net'),
    })
    .default({ lr: 1, convnet: 1e-3, unet: 1e-3 })
    .describe("Adam's learning rate at the start, by model"),
  adam: z
    .strictObject({
      beta1: probability.describe("decay of the gradient's running mean, 0 to 1"),
      beta2: probability.describe("decay of the squared gradient's running mean, 0 to 1"),
      epsilon: positive.describe('added to the root of the latter'),
    })
    .default({ beta1: 0.9, beta2: 0.999, epsilon: 1e-7 })
    .describe('the optimiser'),
  plateau: z
    .strictObject({
      patienceEpochs: count.describe('epochs in a row without improvement of the validation loss'),
      divideBy: z.number().gt(1).describe('then the learning rate is divided by it'),
    })
    .default({ patienceEpochs: 75, divideBy: 5 })
    .describe('when the learning rate is lowered'),
  stop: z
    .strictObject({ patienceEpochs: count.describe('epochs in a row without improvement of the validation loss') })
    .default({ patienceEpochs: 150 })
    .describe('when training stops early'),
  minDelta: nonNegative
    .default(1e-4)
    .describe('the smallest fall of the validation loss that plateau and stop count as an improvement'),
  validation: z
    .enum(['heldOut', 'inner'])
    .default('inner')
    .describe(
      "on which cases the validation loss is taken. heldOut: the held-out fold, as the paper's authors did, which makes " +
        'the results optimistic; inner: a fifth of the training participants',
    ),
  softDice: z
    .strictObject({
      epsilon: positive.describe('added to numerator and denominator, in voxels'),
      reduction: z
        .enum(['image', 'batch'])
        .describe('image: a loss for each image, then their mean; batch: one loss over all voxels of the batch'),
    })
    .default({ epsilon: 1e-7, reduction: 'image' })
    .describe('of the loss sd'),
  augmentation: z
    .union([z.literal('none'), augmentationSchema])
    .default('none')
    .describe('random changes of the training images, drawn anew in each epoch; none: as they are'),
  checkpointMinutes: positive
    .default(5)
    .describe('how often a training saves its state, in minutes; changes no result'),
  onConstantPrediction: z
    .enum(['record', 'diverge'])
    .default('record')
    .describe(
      'what becomes of a training at whose end the best network, or every network after it, predicts the same ' +
        'probability at all validation voxels. record: it counts, and the report says so; diverge: it fails as ' +
        'Diverged and leaves a gap',
    ),
});
