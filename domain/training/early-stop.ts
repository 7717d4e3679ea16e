import { improves, type MinDelta } from './improvement.js';

/** For how long the validation loss has not improved. */
export interface EarlyStopState {
  readonly referenceLoss: number | undefined;
  readonly epochsWithoutImprovement: number;
}

export const earlyStopStart: EarlyStopState = { referenceLoss: undefined, epochsWithoutImprovement: 0 };

/** Counts epochs whose validation loss does not improve on the reference (`improves`). One that does becomes the reference. */
export function earlyStopAfterEpoch(state: EarlyStopState, validationLoss: number, minDelta: MinDelta): EarlyStopState {
  if (improves(validationLoss, state.referenceLoss, minDelta)) {
    return { referenceLoss: validationLoss, epochsWithoutImprovement: 0 };
  }
  return { ...state, epochsWithoutImprovement: state.epochsWithoutImprovement + 1 };
}

/** True after `patienceEpochs` consecutive epochs without improvement. */
export function stopsEarly(state: EarlyStopState, patienceEpochs: number): boolean {
  return state.epochsWithoutImprovement >= patienceEpochs;
}
