/** The epoch with the lowest validation loss; of equals the earliest. Epochs count from 1. */
export interface BestEpoch {
  readonly epoch: number;
  readonly validationLoss: number;
}

/** The better of the best so far and this epoch. Any fall counts, however small: there is no minDelta here. */
export function bestAfterEpoch(best: BestEpoch | undefined, epoch: number, validationLoss: number): BestEpoch {
  return best === undefined || validationLoss < best.validationLoss ? { epoch, validationLoss } : best;
}
