import type { AugmentationSettings } from '../../domain/augment/augmentation-settings.js';
import type { TrainingCase } from '../../learning/training/training-case.js';

/** What an augmenting thread is sent, any number of times. */
export interface AugmentRequest {
  readonly number: number;
  readonly one: TrainingCase;
  readonly settings: AugmentationSettings;
  /** Of the random stream. */
  readonly streamName: readonly (string | number)[];
}

/** What it answers, in the order of the requests. */
export interface AugmentAnswer {
  readonly number: number;
  readonly one: TrainingCase;
}
