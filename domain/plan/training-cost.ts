/** What trainings of an arm cost, apart from the machine. */
export interface TrainingExtent {
  /** Trainings that a run would do: those of all folds and repeats without a result. */
  readonly trainings: number;
  /** Cases of the data set. */
  readonly cases: number;
  readonly folds: number;
  readonly batchSize: number;
  readonly maxEpochs: number;
  /** Whether a fifth of the training cases is set apart for validation, instead of the held-out fold. */
  readonly innerValidation: boolean;
}

/** Seconds of a batch, and of a validation case. */
export interface Pace {
  readonly stepSeconds: number;
  readonly validationSeconds: number;
}

/**
 * Seconds that these trainings take at most, one after the other: all epochs, each with a pass over the training cases
 * and the validation cases. Folds differ by a case or two, which is not counted.
 */
export function mostTrainingSeconds(
  { trainings, cases, folds, batchSize, maxEpochs, innerValidation }: TrainingExtent,
  { stepSeconds, validationSeconds }: Pace,
): number {
  const heldOut = cases / folds;
  const validation = innerValidation ? (cases - heldOut) / 5 : heldOut;
  const training = cases - heldOut - (innerValidation ? validation : 0);
  const epochSeconds = Math.ceil(training / batchSize) * stepSeconds + validation * validationSeconds;
  return trainings * maxEpochs * epochSeconds;
}
