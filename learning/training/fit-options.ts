import type { AugmentationSettings } from '../../domain/augment/augmentation-settings.js';
import type { Triple } from '../../domain/image/grid.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import type { Parameter } from '../../domain/training/networks/parameter-layout.js';
import type { HistoryRow, StopReason } from '../../domain/training/training-progress.js';
import type { LossChoice } from '../../domain/training/losses/loss-choice.js';
import type { TrainingSettings } from '../../domain/training/training-settings.js';
import type { CaseHandle, TrainingCase } from './training-case.js';

export interface CheckpointStore {
  /** The last saved checkpoint; undefined if there is none. */
  load(): Promise<Uint8Array | undefined>;
  /** Atomically replaces the last checkpoint: after a failure the previous one must be intact. */
  save(bytes: Uint8Array): Promise<void>;
}

/** Progress of a training; epochs and steps count from 1. */
export interface FitProgress {
  /** `resumed`: the training goes on from its checkpoint, after `step` batches of the epoch. */
  readonly kind: 'resumed' | 'caseLoaded' | 'step' | 'validation' | 'checkpoint' | 'epoch';
  readonly epoch: number;
  readonly maxEpochs: number;
  /** Batches completed in the epoch. */
  readonly step: number;
  /** Batches per epoch. */
  readonly steps: number;
  /** `step`: the batch's loss; `epoch`: the mean over the epoch. */
  readonly loss?: number;
  /** `validation`: of one case; `epoch`: the mean over the validation cases. */
  readonly validationLoss?: number;
}

export interface FitOptions {
  readonly network: NetworkChoice;
  readonly loss: LossChoice;
  readonly cropShape: Triple;
  readonly training: TrainingSettings;
  /** Identifies the training (settings, data and code), so that the checkpoint of another one is rejected. */
  readonly identity: string;
  /** Prefix of every random stream's name, for example [seed, data set, fold]; does not contain the arm. */
  readonly streamName: readonly (string | number)[];
  /** At least one each. Their order does not matter: they are sorted by id. */
  readonly trainingCases: readonly CaseHandle[];
  readonly validationCases: readonly CaseHandle[];
  /** Called for each use of a case, so a caller with spare memory should cache. The arrays are not modified. */
  loadCase(this: void, handle: CaseHandle): Promise<TrainingCase> | TrainingCase;
  /**
   * Augments a case, possibly in another thread. Must return the same bytes as `augmentCase` with the random stream of
   * that name. Absent: augments in this thread, between two steps.
   */
  augment?(
    this: void,
    one: TrainingCase,
    settings: AugmentationSettings,
    streamName: readonly (string | number)[],
  ): Promise<TrainingCase> | TrainingCase;
  /** Called with each case before and after its augmentation; epochs count from 1. */
  onAugmented?(this: void, epoch: number, before: TrainingCase, after: TrainingCase): void;
  readonly checkpoints: CheckpointStore;
  /** Checkpoint interval. Does not affect results. */
  readonly checkpointMinutes: number;
  onProgress(this: void, progress: FitProgress): void;
  /** Called after each epoch, and when a training goes on from a checkpoint, with all complete epochs. */
  onHistory?(this: void, history: readonly HistoryRow[]): void;
  /** When aborted, the training saves a checkpoint after the current step and ends as 'interrupted'. */
  readonly signal: AbortSignal;
  /** Milliseconds of any clock. Only decides when checkpoints are saved. */
  now(this: void): number;
}

export interface FinishedFit {
  readonly status: 'finished';
  /** The flat parameter vector of the epoch with the lowest validation loss, and its layout. */
  readonly weights: Float32Array;
  readonly layout: readonly Parameter[];
  readonly history: readonly HistoryRow[];
  readonly bestEpoch: number;
  readonly stoppedBecause: StopReason;
}

export type FitResult = FinishedFit | { readonly status: 'interrupted' };
