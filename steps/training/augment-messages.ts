import type { AugmentationSettings } from '../../domain/augment/augmentation-settings.js';
import type { TrainingCase } from '../../learning/training/training-case.js';

/** A request to an augmentation thread. */
export interface AugmentRequest {
  readonly number: number;
  readonly one: TrainingCase;
  readonly settings: AugmentationSettings;
  /** The name of the random stream. */
  readonly streamName: readonly (string | number)[];
}

/** The thread's answer; answers come in the order of the requests. */
export interface AugmentAnswer {
  readonly number: number;
  readonly one: TrainingCase;
}
