import { bestAfterEpoch, type BestEpoch } from './best-epoch.js';
import { earlyStopAfterEpoch, earlyStopStart, stopsEarly, type EarlyStopState } from './early-stop.js';
import { plateauAfterEpoch, plateauStart, type PlateauState } from './plateau.js';
import type { TrainingSettings } from './training-settings.js';

export type PredictionRange = readonly [lowest: number, highest: number];

/** One epoch of a training, counted from 1. */
export interface HistoryRow {
  readonly epoch: number;
  /** Mean over the epoch's cases, each with the weights before its own step. */
  readonly trainingLoss: number;
  /** Mean over the validation cases with the weights after the epoch. */
  readonly validationLoss: number;
  /** Lowest and highest probability of any counted validation voxel. */
  readonly predictionRange?: PredictionRange;
  /** Learning rate of the epoch's steps. */
  readonly learningRate: number;
}

/** Everything that the training policies remember between epochs. */
export interface TrainingProgress {
  readonly history: readonly HistoryRow[];
  readonly plateau: PlateauState;
  readonly earlyStop: EarlyStopState;
  readonly best: BestEpoch | undefined;
}

export type StopReason = 'maxEpochs' | 'noImprovement';

export function progressStart(learningRate: number): TrainingProgress {
  return { history: [], plateau: plateauStart(learningRate), earlyStop: earlyStopStart, best: undefined };
}

/** Applies all policies after one more epoch. */
export function progressAfterEpoch(
  progress: TrainingProgress,
  losses: Pick<HistoryRow, 'trainingLoss' | 'validationLoss' | 'predictionRange'>,
  settings: Pick<TrainingSettings, 'plateau' | 'minDelta'>,
): TrainingProgress {
  const { validationLoss } = losses;
  const epoch = progress.history.length + 1;
  const { plateau, minDelta } = settings;
  return {
    history: [...progress.history, { epoch, ...losses, learningRate: progress.plateau.learningRate }],
    plateau: plateauAfterEpoch(progress.plateau, validationLoss, { ...plateau, minDelta }),
    earlyStop: earlyStopAfterEpoch(progress.earlyStop, validationLoss, minDelta),
    best: bestAfterEpoch(progress.best, epoch, validationLoss),
  };
}

/** Why the training stops after the epochs so far; undefined if it continues. */
export function stopReason(
  progress: TrainingProgress,
  settings: Pick<TrainingSettings, 'stop' | 'maxEpochs'>,
): StopReason | undefined {
  if (stopsEarly(progress.earlyStop, settings.stop.patienceEpochs)) return 'noImprovement';
  return progress.history.length >= settings.maxEpochs ? 'maxEpochs' : undefined;
}
