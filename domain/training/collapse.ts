import type { HistoryRow } from './training-progress.js';

/** A training whose network came to predict one probability everywhere. Epochs count from 1. */
export interface Collapse {
  /** True where the network of the best epoch, the one that is kept, does so; false where only all after it do. */
  readonly kept: boolean;
  /** The first of the epochs in a row that do. */
  readonly sinceEpoch: number;
}

/** Probabilities that lie within this of each other are the same. */
const constantWithin = 1e-3;

/** Whether an epoch's network tells no validation voxel from another; false where the range was not recorded. */
export function predictsConstant({ predictionRange: [lowest, highest] = [0, 1] }: HistoryRow): boolean {
  return highest - lowest <= constantWithin;
}

/**
 * Whether a training has collapsed, once it has ended: the network of its best epoch predicts one probability
 * everywhere, or the networks of all later epochs do (at least one), so that collapse is what ended its progress.
 *
 * An epoch of constant predictions from which training recovers is none, nor is one long after the best epoch.
 */
export function collapseOf(history: readonly HistoryRow[], bestEpoch: number): Collapse | undefined {
  const best = history[bestEpoch - 1];
  if (best === undefined) throw new RangeError(`a training of ${String(history.length)} epochs without its best`);
  if (predictsConstant(best)) {
    const before = history.slice(0, bestEpoch).findLast((row) => !predictsConstant(row))?.epoch ?? 0;
    return { kept: true, sinceEpoch: before + 1 };
  }
  const later = history.slice(bestEpoch);
  return later.length > 0 && later.every(predictsConstant) ? { kept: false, sinceEpoch: bestEpoch + 1 } : undefined;
}
