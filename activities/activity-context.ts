import type { StepRequest, StepResult } from '../contracts/activities.js';
import type { JobProgress } from '../contracts/job-progress.js';
import type { ComputeNumerics } from '../storage/machine/compute-environment.js';
import type { NumericEnvironment } from '../storage/machine/runtime-record.js';
import type { ArtifactStore } from '../storage/store/artifact-store.js';
import type { DataFolder } from '../storage/store/data-folder.js';
import type { LineageLog } from '../storage/store/lineage-log.js';
import type { UnitObserver } from './unit-observer.js';

/** Runs work outside the worker's own thread, so that the worker keeps answering the server. */
export interface ComputeRunner {
  /**
   * Runs a unit in a separate process, which stores the result, and returns the reference. Calls `onProgress` whenever
   * the process reports progress. When `signal` aborts, tells the process to save its state and exit.
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
  /** A process that reports no progress for this long is considered hung; sooner, if it used to report more often. */
  readonly stallSeconds: number;
  /** TensorFlow's settings; undefined if the job does not use TensorFlow. */
  readonly numerics: ComputeNumerics | undefined;
  /** Stands for all jobs that need as much memory; undefined if a job needs little. */
  readonly shape?: string;
}

/** What activities depend on; the composition root supplies the implementations. */
export interface ActivityContext {
  readonly store: ArtifactStore;
  readonly lineage: LineageLog;
  readonly folder: DataFolder;
  readonly compute: ComputeRunner;
  readonly observer: UnitObserver;
  /** This worker's numeric environment, which the lineage records. */
  readonly environment: NumericEnvironment;
  /** Called with what the user should be told, though the work goes on. It never leaves this machine. */
  readonly onRemark?: (text: string) => void;
}
