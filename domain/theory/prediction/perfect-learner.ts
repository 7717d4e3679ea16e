import type { LossChoice } from '../../training/losses/loss-choice.js';
import type { SoftDiceSettings } from '../../training/losses/sd.js';
import { combinedLoss } from '../analysis/losses/combined-loss.js';
import { focalLoss } from '../analysis/losses/focal.js';
import { generalisedDice } from '../analysis/losses/generalised-dice.js';
import { softDice } from '../analysis/losses/ratio-loss.js';
import { squaredSoftDice } from '../analysis/losses/squared-soft-dice.js';
import type { TheoryLoss } from '../analysis/losses/theory-loss.js';
import { softJaccard, tverskyLoss } from '../analysis/losses/tversky.js';
import { assertProbability } from './assert-region.js';
import { binomialLaw } from './binomial.js';
import { lovaszHingeLogit } from './lovasz-hinge-optimum.js';
import { onePredictionLaw, type OnePredictionImage } from './one-prediction-law.js';

/**
 * The structure of one case as a perfect learner knows it: which regions may belong to it, not which do. Its parts are
 * counted in voxels, or in shares of voxels that they cover in part, without those that no network can predict.
 */
export interface KnownStructure {
  readonly core: number;
  /** Each belongs to the structure entirely or not at all, independently of the others. */
  readonly regions: readonly number[];
  readonly probability: number;
  /** Volume of a voxel of the grid, in any unit. */
  readonly voxelVolume: number;
  /** Voxels that count in the losses, and those by whose number a sum over voxels is divided (docs/training.md). */
  readonly countedVoxels: number;
  readonly predictedVoxels: number;
}

/** What the losses depend on besides the image. */
export interface LearnerSettings {
  /** Of the loss `sd`. */
  readonly softDice: SoftDiceSettings;
  /** Images whose sums are taken before the ratio by a loss of batches. */
  readonly batchSize: number;
}

/** Volumes of one case, in the unit of the voxel's volume. */
export interface LearnerVolumes {
  /** The p̂ shared by all uncertain regions, which a network cannot distinguish. */
  readonly optimalPrediction: number;
  /** V(Ŷ) of the perfect learner. */
  readonly predictedVolume: number;
  /** V(Y) within reach, in expectation over the labels that the case might have been given. Eq. 7. */
  readonly expectedVolume: number;
}

/**
 * What a network predicts that minimises the risk of a loss, the mean over all labels that a case might have been given:
 * p for cross-entropy (Eq. 9); for soft Dice (Eq. 12), 0 or 1, whichever costs less over the law of the labels' volume;
 * for the other losses the minimiser of their own risk. Certain voxels are predicted as they are. A batch is taken as
 * images like this one. Exact for regions of whole voxels, whatever their sizes; regions that cover voxels in part count
 * as the nearest number of whole ones where the risks are compared. Throws ARGUMENT_INVALID unless the probability is in
 * [0, 1].
 *
 * Predicted minus expected volume is the bias: 0 for cross-entropy. Predicted minus realised volume, without what is beyond
 * reach, also has the sampling error of the labels that were drawn.
 */
export function perfectLearner(loss: LossChoice, structure: KnownStructure, settings: LearnerSettings): LearnerVolumes {
  const { core, regions, probability, voxelVolume } = structure;
  assertProbability(probability, 'probability');
  const optimalPrediction = predictionOf(loss, structure, settings);
  const predicted = core + optimalPrediction * total(regions);
  const expected = core + probability * total(regions);
  return { optimalPrediction, predictedVolume: predicted * voxelVolume, expectedVolume: expected * voxelVolume };
}

function predictionOf(loss: LossChoice, structure: KnownStructure, settings: LearnerSettings): number {
  if (loss === 'ce') return structure.probability;
  const isOfBatch = loss === 'batchSd' || (loss === 'sd' && settings.softDice.reduction === 'batch');
  const images = isOfBatch ? settings.batchSize : 1;
  // No probability: whether the mask has the regions. A logit of 0 is a tie, which is background.
  if (loss === 'lovaszHinge') return lovaszHingeLogit(imageOf(structure, images, 0)) > 0 ? 1 : 0;
  const theory = theoryOf(loss, settings);
  const isDividedByAll = typeof loss === 'object' && loss.kind === 'ceSd';
  const voxels = isDividedByAll ? structure.predictedVoxels : structure.countedVoxels;
  const { predictions } = theory.minimise(onePredictionLaw(imageOf(structure, images, voxels)));
  return predictions[1] as number; // core, uncertain volume, background
}

/** Losses whose ε is small have none here: it decides nothing but a tie. */
function theoryOf(loss: Exclude<LossChoice, 'ce' | 'lovaszHinge'>, settings: LearnerSettings): TheoryLoss {
  switch (loss) {
    case 'sd':
      return softDice({ smoothing: settings.softDice.epsilon });
    case 'batchSd':
    case 'diceSemimetric': // the same for labels of 0 and 1
      return softDice();
    case 'squaredSd':
      return squaredSoftDice;
    case 'softJaccard':
      return softJaccard;
    case 'generalisedDice':
      return generalisedDice;
    default:
      return theoryWithParameters(loss);
  }
}

function theoryWithParameters(loss: Exclude<LossChoice, string>): TheoryLoss {
  switch (loss.kind) {
    case 'smoothedSd':
      return softDice({ smoothing: loss.epsilon });
    case 'tversky':
      return tverskyLoss(loss.alpha, loss.beta);
    case 'focal':
      return focalLoss(loss.gamma);
    case 'ceSd':
      return combinedLoss(loss.weight);
  }
}

/** A number of images like this one, each with `voxels` in all. */
function imageOf({ core, regions, probability }: KnownStructure, images: number, voxels: number): OnePredictionImage {
  const whole = regions.map(Math.round);
  const law = lawOfSum(Array.from({ length: images }, () => whole).flat(), probability);
  const uncertainVolume = images * total(whole);
  const coreVolume = images * core;
  return {
    coreVolume,
    uncertainVolume,
    probability,
    backgroundVolume: Math.max(0, images * voxels - coreVolume - uncertainVolume),
    presentVolumes: [...law.keys()],
    weights: [...law.values()],
  };
}

/** The probability of each sum of voxels of the regions that belong to the structure. */
function lawOfSum(regionVoxels: readonly number[], probability: number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const voxels of regionVoxels) counts.set(voxels, (counts.get(voxels) ?? 0) + 1);
  let law = new Map([[0, 1]]);
  for (const [voxels, count] of counts) {
    const { least, probabilities } = binomialLaw(count, probability);
    const next = new Map<number, number>();
    for (const [sum, weight] of law) {
      probabilities.forEach((share, i) => {
        const present = sum + (least + i) * voxels;
        next.set(present, (next.get(present) ?? 0) + weight * share);
      });
    }
    law = next;
  }
  return law;
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
