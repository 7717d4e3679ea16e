import type { ComputeJob } from '../activities/activity-context.js';
import type { JobProgress } from '../contracts/job-progress.js';
import type { ErrorCode } from '../domain/domain-error.js';
import type { ProcessNumerics } from '../learning/tensorflow/process-numerics.js';
import type { ArtifactContent, WorkResources } from '../storage/store/artifact-store.js';

/** What a compute child is sent, once. */
export interface ChildRequest {
  readonly job: ComputeJob;
  readonly dataFolder: string;
}

/** What a compute child sends: progress any number of times, then one of the others. */
export type ChildMessage =
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | {
      readonly type: 'result';
      readonly content: ArtifactContent;
      readonly resources: WorkResources;
      /** Absent where nothing was computed with TensorFlow. */
      readonly process?: ProcessNumerics;
    }
  | { readonly type: 'interrupted' }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly message: string };
