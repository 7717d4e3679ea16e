/** A thread that augments cases; augment-pool.ts starts it. It does not load TensorFlow. */
import { parentPort } from 'node:worker_threads';

import { augmentCase } from '../../domain/augment/augment-case.js';
import { randomStream } from '../../domain/random/random-stream.js';
import type { AugmentAnswer, AugmentRequest } from './augment-messages.js';

parentPort?.on('message', ({ number, one, settings, streamName }: AugmentRequest) => {
  const augmented = augmentCase(one, settings, randomStream(...streamName));
  const answer: AugmentAnswer = { number, one: augmented };
  const arrays = [...augmented.images, augmented.label, ...(augmented.mask === undefined ? [] : [augmented.mask])];
  // Transferred instead of copied: this thread no longer needs them.
  parentPort?.postMessage(answer, [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))]);
});
