import type { ComputeJob } from '../activities/activity-context.js';
import type { StepResult } from '../contracts/activities.js';
import type { JobProgress } from '../contracts/job-progress.js';
import type { Refusal } from './answer-once.js';

/** What a compute child receives; the next one only after the result of the one before. */
export interface ChildRequest {
  readonly job: ComputeJob;
  readonly dataFolder: string;
  /** The address of the store that the folder shares; absent if it stands alone. */
  readonly store?: string;
}

/** What a compute child sends: progress, remarks and the case that it begins any number of times, then one of the others. */
export type ChildMessage =
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'case'; readonly id: string }
  | { readonly type: 'remark'; readonly text: string }
  | { readonly type: 'result'; readonly result: StepResult }
  | { readonly type: 'interrupted' }
  | Refusal;
