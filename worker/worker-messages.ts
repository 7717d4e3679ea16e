import type { JobProgress } from '../contracts/job-progress.js';

/** What a worker process tells the one that started it. */
export type WorkerMessage = { readonly type: 'ready' } | { readonly type: 'progress'; readonly progress: JobProgress };
