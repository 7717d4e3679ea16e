import type { AugmentationSettings } from '../../domain/augment/augmentation-settings.js';
import type { Triple } from '../../domain/image/grid.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import type { Parameter } from '../../domain/training/networks/parameter-layout.js';
import type { HistoryRow, StopReason } from '../../domain/training/training-progress.js';
import type { LossName, TrainingSettings } from '../../domain/training/training-settings.js';
import type { CaseHandle, TrainingCase } from './training-case.js';

export interface CheckpointStore {
  /** The last checkpoint whose bytes were saved; undefined where there is none. */
  load(): Promise<Uint8Array | undefined>;
  /** Must replace the last checkpoint by these bytes or leave it as it was. */
  save(bytes: Uint8Array): Promise<void>;
}

/** What a training reports; epochs and steps count from 1. */
export interface FitProgress {
  readonly kind: 'caseLoaded' | 'step' | 'validation' | 'checkpoint' | 'epoch';
  readonly epoch: number;
  readonly maxEpochs: number;
  /** Batches of the epoch done so far. */
  readonly step: number;
  /** Batches an epoch has. */
  readonly steps: number;
  /** `step`: the batch's loss; `epoch`: the mean over the epoch. */
  readonly loss?: number;
  /** `validation`: of one case; `epoch`: the mean over the validation cases. */
  readonly validationLoss?: number;
}

export interface FitOptions {
  readonly network: NetworkChoice;
  readonly loss: LossName;
  readonly cropShape: Triple;
  readonly training: TrainingSettings;
  /** Names the training: a checkpoint of another one is not taken for its own. Settings, data and code decide it. */
  readonly identity: string;
  /** Begins the name of every random stream, for example [seed, data set, fold]; not the arm. */
  readonly streamName: readonly (string | number)[];
  /** At least one each. Their order does not matter: they are taken in the order of their ids. */
  readonly trainingCases: readonly CaseHandle[];
  readonly validationCases: readonly CaseHandle[];
  /** Called for each use of a case, so a caller with memory to spare caches. The arrays are not changed. */
  loadCase(this: void, handle: CaseHandle): Promise<TrainingCase> | TrainingCase;
  /**
   * Augments a case, perhaps in another thread: must give the bytes that `augmentCase` gives from the random stream of
   * that name. Absent: here, between two steps.
   */
  augment?(
    this: void,
    one: TrainingCase,
    settings: AugmentationSettings,
    streamName: readonly (string | number)[],
  ): Promise<TrainingCase> | TrainingCase;
  readonly checkpoints: CheckpointStore;
  /** How often the training saves its state; changes no result. */
  readonly checkpointMinutes: number;
  onProgress(this: void, progress: FitProgress): void;
  /** Once aborted, the training saves a checkpoint after the present step and ends as 'interrupted'. */
  readonly signal: AbortSignal;
  /** Milliseconds of any clock; decides when checkpoints are saved and nothing else. */
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
