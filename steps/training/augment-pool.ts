import { Worker } from 'node:worker_threads';

import type { FitOptions } from '../../learning/training/fit-options.js';
import type { TrainingCase } from '../../learning/training/training-case.js';
import type { AugmentAnswer, AugmentRequest } from './augment-messages.js';

export interface AugmentPool {
  /** Does the same as `augmentCase`, to the byte, in another thread. The case's arrays are copied to it. */
  readonly augment: (...request: Parameters<NonNullable<FitOptions['augment']>>) => Promise<TrainingCase>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (one: TrainingCase) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Threads that augment while TensorFlow blocks the main one. Cases go to the threads in turn. If a thread fails, every
 * pending case fails, because the error does not tell which of them caused it.
 */
export function augmentPool(threads: number): AugmentPool {
  const script = new URL('./augment-thread.js', import.meta.url);
  const workers = Array.from({ length: threads }, () => new Worker(script));
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  for (const worker of workers) {
    worker.on('message', ({ number, one }: AugmentAnswer) => {
      waiting.get(number)?.resolve(one);
      waiting.delete(number);
    });
    worker.on('error', (error: Error) => {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    });
  }
  return {
    augment: (one, settings, streamName) =>
      new Promise<TrainingCase>((resolve, reject) => {
        const request: AugmentRequest = { number: asked++, one, settings, streamName };
        waiting.set(request.number, { resolve, reject });
        workers[request.number % threads]?.postMessage(request);
      }),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
