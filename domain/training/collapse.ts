import type { HistoryRow } from './training-progress.js';

/** A training whose network ends up predicting one probability everywhere. Epochs count from 1. */
export interface Collapse {
  /** True if the network of the best epoch, which is kept, is constant; false if only all later ones are. */
  readonly kept: boolean;
  /** First epoch of the unbroken run of constant predictions. */
  readonly sinceEpoch: number;
}

/** Probabilities within this range count as equal. */
const constantWithin = 1e-3;

/**
 * Whether an epoch's network predicts one probability at all validation voxels; false if the range was not recorded.
 */
export function predictsConstant({ predictionRange: [lowest, highest] = [0, 1] }: HistoryRow): boolean {
  return highest - lowest <= constantWithin;
}

/**
 * Whether a finished training has collapsed: either the network of its best epoch predicts one probability everywhere,
 * or the networks of all later epochs do (at least one), so that the collapse ended its progress.
 *
 * An epoch of constant predictions from which training recovers is not a collapse, nor is one long after the best
 * epoch.
 */
export function collapseOf(history: readonly HistoryRow[], bestEpoch: number): Collapse | undefined {
  const best = history[bestEpoch - 1];
  if (best === undefined)
    throw new RangeError(`the best epoch is not among the ${String(history.length)} epochs of the training`);
  if (predictsConstant(best)) {
    const before = history.slice(0, bestEpoch).findLast((row) => !predictsConstant(row))?.epoch ?? 0;
    return { kept: true, sinceEpoch: before + 1 };
  }
  const later = history.slice(bestEpoch);
  return later.length > 0 && later.every(predictsConstant) ? { kept: false, sinceEpoch: bestEpoch + 1 } : undefined;
}
