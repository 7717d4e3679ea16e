import type { StepRequest, StepResult } from '../contracts/activities.js';
import type { JobProgress } from '../contracts/job-progress.js';
import type { ComputeNumerics } from '../storage/machine/compute-environment.js';
import type { NumericEnvironment } from '../storage/machine/runtime-record.js';
import type { ArtifactStore } from '../storage/store/artifact-store.js';
import type { DataFolder } from '../storage/store/data-folder.js';
import type { LineageLog } from '../storage/store/lineage-log.js';

/** Work that is done outside the worker's own thread, so that the worker keeps answering the server. */
export interface ComputeRunner {
  /**
   * Runs a unit in a process of its own, which stores what it made, and returns the reference. `onProgress` is called
   * whenever its counters move; when `signal` aborts, the process is told to save what it has and end.
   */
  run(
    job: ComputeJob,
    options: { onProgress: (progress: JobProgress) => void; signal: AbortSignal },
  ): Promise<StepResult>;
}

export interface ComputeJob {
  readonly step: string;
  readonly unit: string;
  readonly request: StepRequest;
  /** A process that makes no progress for so long is taken for hung. */
  readonly stallSeconds: number;
  /** How it computes with TensorFlow, if it does. */
  readonly numerics: ComputeNumerics | undefined;
}

/** What activities are built over: the composition root chooses the real things. */
export interface ActivityContext {
  readonly store: ArtifactStore;
  readonly lineage: LineageLog;
  readonly folder: DataFolder;
  readonly compute: ComputeRunner;
  /** The numeric environment, for the lineage. */
  readonly environment: NumericEnvironment;
}
