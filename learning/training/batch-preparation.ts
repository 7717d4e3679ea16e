import { augmentCase } from '../../domain/augment/augment-case.js';
import { randomStream } from '../../domain/random/random-stream.js';
import type { FitOptions } from './fit-options.js';
import type { CaseHandle, TrainingCase } from './training-case.js';

/** How many batches are being augmented elsewhere while TensorFlow works on one. */
const batchesAhead = 2;

/** A batch on its way: its cases loaded, and then augmented. */
interface Coming {
  readonly loaded: Promise<unknown>;
  readonly ready: Promise<readonly TrainingCase[]>;
}

/**
 * Prepares an epoch's batches, which are to be taken in order. Where `options.augment` augments elsewhere, the next
 * batches are handed to it before a batch is given out, so that they get ready while TensorFlow blocks this thread;
 * they are loaded first, because loading needs this thread. Otherwise each batch is prepared when it is taken. The
 * bytes are the same: they depend on the stream's name alone.
 */
export function batchPreparation(
  options: FitOptions,
  epoch: number,
  batches: readonly (readonly CaseHandle[])[],
): (index: number) => Promise<readonly TrainingCase[]> {
  const elsewhere = options.training.augmentation !== 'none' && options.augment !== undefined;
  const coming = new Map<number, Coming>();

  function start(index: number): Coming {
    const known = coming.get(index);
    if (known !== undefined) return known;
    const cases = (batches[index] ?? []).map((handle) => prepare(options, epoch, handle));
    const started = {
      loaded: Promise.all(cases.map(({ loaded }) => loaded)),
      ready: Promise.all(cases.map(({ ready }) => ready)),
    };
    // A batch that is never taken, because the training ends before, must not end the process by its error.
    started.loaded.catch(() => undefined);
    started.ready.catch(() => undefined);
    coming.set(index, started);
    return started;
  }

  return async (index) => {
    const taken = start(index);
    if (elsewhere) {
      const last = Math.min(index + batchesAhead, batches.length - 1);
      for (let next = index + 1; next <= last; next++) await start(next).loaded;
    }
    coming.delete(index);
    return taken.ready;
  };
}

function prepare(
  options: FitOptions,
  epoch: number,
  handle: CaseHandle,
): { readonly loaded: Promise<unknown>; readonly ready: Promise<TrainingCase> } {
  const { augmentation } = options.training;
  const loaded = Promise.resolve(options.loadCase(handle));
  if (augmentation === 'none') return { loaded, ready: loaded };
  const streamName = [...options.streamName, epoch, handle.id, 'augment'];
  const augment = options.augment ?? augmentHere;
  return { loaded, ready: loaded.then((one) => augment(one, augmentation, streamName)) };
}

/** The augmentation that every other must equal, byte by byte. */
export const augmentHere: NonNullable<FitOptions['augment']> = (one, settings, streamName) =>
  augmentCase(one, settings, randomStream(...streamName));
