/** A thread that augments cases: see augment-pool.ts, which starts it. It loads no TensorFlow. */
import { parentPort } from 'node:worker_threads';

import { augmentCase } from '../../domain/augment/augment-case.js';
import { randomStream } from '../../domain/random/random-stream.js';
import type { AugmentAnswer, AugmentRequest } from './augment-messages.js';

parentPort?.on('message', ({ number, one, settings, streamName }: AugmentRequest) => {
  const augmented = augmentCase(one, settings, randomStream(...streamName));
  const answer: AugmentAnswer = { number, one: augmented };
  const arrays = [...augmented.images, augmented.label, ...(augmented.mask === undefined ? [] : [augmented.mask])];
  // Handed over instead of copied: nothing here needs them any more.
  parentPort?.postMessage(answer, [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))]);
});
