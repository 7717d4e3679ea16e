/** The epoch with the lowest validation loss; the earliest in a tie. Epochs count from 1. */
export interface BestEpoch {
  readonly epoch: number;
  readonly validationLoss: number;
}

/**
 * The better of the best epoch so far and this one. Any decrease counts, however small: minDelta does not apply here.
 */
export function bestAfterEpoch(best: BestEpoch | undefined, epoch: number, validationLoss: number): BestEpoch {
  return best === undefined || validationLoss < best.validationLoss ? { epoch, validationLoss } : best;
}
