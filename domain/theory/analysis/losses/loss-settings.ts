import { DomainError } from '../../../domain-error.js';

/** Parameters of the losses that have any. */
export interface LossSettings {
  /** γ of the focal loss, ≥ 0. */
  readonly focal: number;
  /** α and β of Tversky: weights of false positives and false negatives, ≥ 0 and not both 0. */
  readonly tversky: readonly [number, number];
  /** ε of the smoothed soft Dice, in the unit of the volumes, ≥ 0. */
  readonly smoothing: number;
  /** Weight w of soft Dice in (1 − w) CE + w SD, in [0, 1]. */
  readonly softDiceWeight: number;
  /** Batch sizes B (images) of batch soft Dice, each ≥ 1. */
  readonly batches: readonly number[];
}

export const defaultLossSettings: LossSettings = {
  focal: 2,
  tversky: [0.3, 0.7],
  smoothing: 1,
  softDiceWeight: 0.5,
  batches: [4],
};

/** Throws ARGUMENT_INVALID, naming `argument`, unless the value is finite and ≥ 0. */
export function assertNotNegative(value: number, argument: string): void {
  if (value >= 0 && value < Infinity) return;
  throw new DomainError('ARGUMENT_INVALID', `${argument}: expected a finite number ≥ 0 but found ${value}`);
}
