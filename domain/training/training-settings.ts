import type { AugmentationSettings } from '../augment/augmentation-settings.js';
import type { SoftDiceSettings } from './losses/sd.js';

export type LossName = 'ce' | 'sd';

export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export interface PlateauSettings {
  readonly patienceEpochs: number;
  readonly divideBy: number;
}

/** All that decides the course of a training, apart from its network, its data and its random streams. */
export interface TrainingSettings {
  readonly batchSize: number;
  readonly maxEpochs: number;
  /** At the start. */
  readonly learningRate: number;
  readonly adam: AdamSettings;
  readonly plateau: PlateauSettings;
  readonly stop: { readonly patienceEpochs: number };
  /** The smallest fall of the validation loss that plateau and stop count as an improvement. */
  readonly minDelta: number;
  /** For the loss sd. */
  readonly softDice?: SoftDiceSettings;
  readonly augmentation: 'none' | AugmentationSettings;
  /** A training that has collapsed (collapse.ts) ends as diverged; absent, it ends well. */
  readonly onConstantPrediction?: 'diverge';
}
