/** For how long the validation loss has not improved. */
export interface EarlyStopState {
  readonly referenceLoss: number | undefined;
  readonly epochsWithoutImprovement: number;
}

export const earlyStopStart: EarlyStopState = { referenceLoss: undefined, epochsWithoutImprovement: 0 };

/** Counts epochs whose validation loss does not fall below the reference by more than `minDelta`. */
export function earlyStopAfterEpoch(state: EarlyStopState, validationLoss: number, minDelta: number): EarlyStopState {
  if (state.referenceLoss === undefined || validationLoss < state.referenceLoss - minDelta) {
    return { referenceLoss: validationLoss, epochsWithoutImprovement: 0 };
  }
  return { ...state, epochsWithoutImprovement: state.epochsWithoutImprovement + 1 };
}

/** True after `patienceEpochs` consecutive epochs without improvement. */
export function stopsEarly(state: EarlyStopState, patienceEpochs: number): boolean {
  return state.epochsWithoutImprovement >= patienceEpochs;
}
