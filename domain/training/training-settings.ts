import type { AugmentationSettings } from '../augment/augmentation-settings.js';
import type { MinDelta } from './improvement.js';
import type { SoftDiceSettings } from './losses/sd.js';

export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  /** Added after the bias correction, as in PyTorch; not Keras's ε̂. */
  readonly epsilon: number;
}

export interface PlateauSettings {
  readonly patienceEpochs: number;
  readonly divideBy: number;
}

/** Everything that determines a training apart from its network, data and random streams. */
export interface TrainingSettings {
  readonly batchSize: number;
  readonly maxEpochs: number;
  /** Initial learning rate. */
  readonly learningRate: number;
  readonly adam: AdamSettings;
  readonly plateau: PlateauSettings;
  readonly stop: { readonly patienceEpochs: number };
  /** What plateau and stop count as an improvement of the validation loss. */
  readonly minDelta: MinDelta;
  /** For the loss `sd` only. */
  readonly softDice?: SoftDiceSettings;
  readonly augmentation: 'none' | AugmentationSettings;
  /** `diverge`: a collapsed training (collapse.ts) fails as diverged; absent: it counts as successful. */
  readonly onConstantPrediction?: 'diverge';
}
