import type { Queue } from './step-declaration.js';

/**
 * The Temporal task queue of each kind of work, for one release. Sweeps wait for shared units on `waiting`, where
 * waiting is cheap.
 *
 * A release (see steps/pipeline.ts) has queues and workflow ids of its own, so no program computes for a sweep that
 * another release started: an older worker under a newer key would store results that the key does not describe.
 */
export function taskQueuesOf(release: string): Readonly<Record<Queue | 'waiting' | 'workflows', string>> {
  const named = (purpose: string): string => `volbias-${release}-${purpose}`;
  return {
    workflows: named('workflows'),
    data: named('data'),
    training: named('training'),
    waiting: named('waiting'),
  };
}

/** The release that a task queue belongs to. */
export function releaseOf(taskQueue: string): string {
  return taskQueue.replace(/^volbias-/, '').replace(/-[a-z]+$/, '');
}
