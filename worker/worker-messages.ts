import type { JobProgress } from '../contracts/job-progress.js';

/** What a worker process sends to the process that started it. */
export type WorkerMessage =
  | { readonly type: 'ready' }
  /** It has had no work for as long as it was told to wait, and ends. */
  | { readonly type: 'idle' }
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'remark'; readonly text: string };
