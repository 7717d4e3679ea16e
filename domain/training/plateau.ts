import { improves, type MinDelta } from './improvement.js';
import type { PlateauSettings } from './training-settings.js';

/** State of the learning-rate schedule after an epoch. */
export interface PlateauState {
  readonly learningRate: number;
  /** The validation loss that the following epochs must improve on; undefined before the first epoch. */
  readonly referenceLoss: number | undefined;
  /** Epochs since the last improvement or, if later, the last reduction. */
  readonly epochsWaited: number;
}

export function plateauStart(learningRate: number): PlateauState {
  return { learningRate, referenceLoss: undefined, epochsWaited: 0 };
}

/**
 * Divides the learning rate by `divideBy` after every `patienceEpochs` consecutive epochs whose validation loss does
 * not improve on the reference (`improves`). One that does becomes the reference.
 */
export function plateauAfterEpoch(
  state: PlateauState,
  validationLoss: number,
  settings: PlateauSettings & { readonly minDelta: MinDelta },
): PlateauState {
  if (improves(validationLoss, state.referenceLoss, settings.minDelta)) {
    return { ...state, referenceLoss: validationLoss, epochsWaited: 0 };
  }
  const epochsWaited = state.epochsWaited + 1;
  if (epochsWaited < settings.patienceEpochs) return { ...state, epochsWaited };
  return { ...state, learningRate: state.learningRate / settings.divideBy, epochsWaited: 0 };
}
