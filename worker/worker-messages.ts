import type { JobProgress } from '../activities/activity-context.js';

/** What a worker process tells the one that started it. */
export type WorkerMessage = { readonly type: 'ready' } | { readonly type: 'progress'; readonly progress: JobProgress };
