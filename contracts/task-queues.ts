import { generation } from './generation.js';
import type { Queue } from './step-declaration.js';

/** The Temporal task queue of the workflows themselves. */
export const workflowTaskQueue = `volbias-${generation}-workflows`;

/** The Temporal task queue of each kind of work; on `waiting` sweeps wait for shared units, which occupies nothing. */
export const taskQueues: Readonly<Record<Queue | 'waiting', string>> = {
  data: `volbias-${generation}-data`,
  training: `volbias-${generation}-training`,
  waiting: `volbias-${generation}-waiting`,
};
