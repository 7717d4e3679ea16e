import { z } from 'zod';

import { positive } from './schema-parts.js';

/** Schema of a loss: its name, or its kind with its parameters. */

const withoutParameters = z
  .enum(['ce', 'sd', 'batchSd', 'squaredSd', 'softJaccard', 'generalisedDice', 'diceSemimetric', 'lovaszHinge'])
  .describe(
    'ce: cross-entropy. sd: soft Dice, with the settings in training.softDice. batchSd: soft Dice over all voxels of a ' +
      'batch. squaredSd: soft Dice with squares in the denominator (V-Net). softJaccard. generalisedDice: soft Dice over ' +
      'structure and background, weighted by 1 / (true volume)². diceSemimetric: soft Dice for soft labels. lovaszHinge: ' +
      'for the sign of the logits; its probabilities mean nothing.',
  );

/** How losses with parameters are written, by their kind. */
export const parametrisedLosses: Readonly<Record<string, string>> = {
  smoothedSd: '{ kind: smoothedSd, epsilon: 100 }',
  tversky: '{ kind: tversky, alpha: 0.3, beta: 0.7 }',
  focal: '{ kind: focal, gamma: 2 }',
  ceSd: '{ kind: ceSd, weight: 0.5 }',
};

const parametrisedKinds = 'expected { kind: … } with the kind smoothedSd, tversky, focal or ceSd';

const withParameters = z.discriminatedUnion(
  'kind',
  [
    z
      .strictObject({
        kind: z.literal('smoothedSd'),
        epsilon: positive.describe('Added to numerator and denominator, in voxels.'),
      })
      .describe('Soft Dice with a large ε.'),
    z
      .strictObject({
        kind: z.literal('tversky'),
        alpha: positive.describe('Weight of false positives.'),
        beta: positive.describe('Weight of false negatives.'),
      })
      .describe('Tversky loss; α = β = 0.5 is soft Dice, α = β = 1 soft Jaccard.'),
    z
      .strictObject({
        kind: z.literal('focal'),
        gamma: positive.describe('Exponent γ; the larger, the less well-predicted voxels count.'),
      })
      .describe('Focal loss without class weights.'),
    z
      .strictObject({
        kind: z.literal('ceSd'),
        weight: z
          .number()
          .gt(0)
          .lt(1)
          .describe('Weight of soft Dice; cross-entropy has the rest. 0.5 is CE + SD (nnU-Net).'),
      })
      .describe('Weighted sum of cross-entropy and soft Dice.'),
  ],
  { error: parametrisedKinds },
);

export const lossSchema = z.union([withoutParameters, withParameters]);
