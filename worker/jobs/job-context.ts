import type { JobProgress } from '../../contracts/job-progress.js';
import type { StepRequest } from '../../contracts/activities.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import type { DataFolder } from '../../storage/store/data-folder.js';

/** The job was told to end; what it had done is saved. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What a job in a compute child works with. */
export interface JobContext {
  readonly request: StepRequest;
  readonly folder: DataFolder;
  readonly store: ArtifactStore;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Omit<JobProgress, 'unit'>) => void;
}
