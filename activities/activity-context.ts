import type { StepRequest } from '../contracts/activities.js';
import type { JobProgress } from '../contracts/job-progress.js';
import type { ArtifactContent, ArtifactStore, WorkResources } from '../storage/store/artifact-store.js';
import type { DataFolder } from '../storage/store/data-folder.js';
import type { FileDigests } from '../storage/files/file-digests.js';
import type { SweepContent, SweepRecord } from '../storage/sweeps/sweep-records.js';

/** Work that is done outside the worker's own thread, so that the worker keeps answering the server. */
export interface ComputeRunner {
  /**
   * Runs a job to its end and returns what it made. `onProgress` is called whenever its counters move; when `signal`
   * aborts, the job is told to save what it has and end.
   */
  run(
    job: ComputeJob,
    options: { onProgress: (progress: JobProgress) => void; signal: AbortSignal },
  ): Promise<ComputedContent>;
}

/** What a process made, and what that took. */
export interface ComputedContent extends ArtifactContent {
  readonly resources: WorkResources;
  /** What the process knows of its own numerics, for the lineage: TensorFlow's settings and device. */
  readonly process?: object;
}

export interface ComputeJob {
  readonly kind: 'preprocess' | 'train' | 'evaluate';
  readonly unit: string;
  readonly request: StepRequest;
}

/** What activities are built over: the composition root chooses the real things. */
export interface ActivityContext {
  readonly store: ArtifactStore;
  readonly folder: DataFolder;
  readonly fileDigests: FileDigests;
  readonly compute: ComputeRunner;
  /** The numeric environment, for the lineage. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What a step's own function gets: its request, and the sweep it belongs to. */
export interface StepWork {
  readonly context: ActivityContext;
  readonly request: StepRequest;
  readonly unit: string;
  readonly content: SweepContent;
  readonly record: SweepRecord;
  readonly parameters: unknown;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

export interface StepOutput extends ArtifactContent {
  readonly caseCount?: number;
  readonly resources?: WorkResources;
  readonly process?: object;
}
