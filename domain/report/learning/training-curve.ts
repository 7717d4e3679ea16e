import type { HistoryRow, StopReason } from '../../training/training-progress.js';

/** A training of the sweep, epoch by epoch. */
export interface TrainingCurve {
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  readonly fold: number;
  readonly repeat: number;
  readonly unit: string;
  readonly history: readonly HistoryRow[];
  /** The epoch whose network is evaluated. */
  readonly bestEpoch: number;
  readonly stoppedBecause: StopReason;
}
