import type { Queue } from './pipeline.js';

/** The Temporal task queue of the workflows themselves. */
export const workflowTaskQueue = 'volbias-workflows';

/** The Temporal task queue of each kind of work. */
export const taskQueues: Readonly<Record<Queue, string>> = {
  data: 'volbias-data',
  training: 'volbias-training',
};
