import { generation } from './generation.js';
import type { Queue } from './step-declaration.js';

/** The Temporal task queue of the workflows. */
export const workflowTaskQueue = `volbias-${generation}-workflows`;

/** The Temporal task queue of each kind of work. Sweeps wait for shared units on `waiting`, where waiting is cheap. */
export const taskQueues: Readonly<Record<Queue | 'waiting', string>> = {
  data: `volbias-${generation}-data`,
  training: `volbias-${generation}-training`,
  waiting: `volbias-${generation}-waiting`,
};
