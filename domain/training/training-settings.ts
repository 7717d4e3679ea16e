import type { AugmentationSettings } from '../augment/augmentation-settings.js';
import type { SoftDiceSettings } from './losses/sd.js';
import type { ModelName } from './networks/network.js';

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
  readonly learningRate: Readonly<Record<ModelName, number>>;
  readonly adam: AdamSettings;
  readonly plateau: PlateauSettings;
  readonly stop: { readonly patienceEpochs: number };
  /** The smallest fall of the validation loss that plateau and stop count as an improvement. */
  readonly minDelta: number;
  readonly softDice: SoftDiceSettings;
  readonly augmentation: 'none' | AugmentationSettings;
  readonly checkpointMinutes: number;
  /** Whether a training that has collapsed (collapse.ts) ends well or as diverged. */
  readonly onConstantPrediction: 'record' | 'diverge';
}
