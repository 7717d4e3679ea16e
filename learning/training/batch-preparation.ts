import { augmentCase } from '../../domain/augment/augment-case.js';
import { randomStream } from '../../domain/random/random-stream.js';
import type { FitOptions } from './fit-options.js';
import type { CaseHandle, TrainingCase } from './training-case.js';

/** Number of batches augmented elsewhere while TensorFlow works on one. */
const batchesAhead = 2;

/** A pending batch: first loaded, then augmented. */
interface Coming {
  readonly loaded: Promise<unknown>;
  readonly ready: Promise<readonly TrainingCase[]>;
}

/**
 * Prepares an epoch's batches, to be taken in order. If `options.augment` augments elsewhere, the next batches are
 * passed to it before a batch is returned, so that they become ready while TensorFlow blocks this thread. They are
 * loaded first, because loading needs this thread. Otherwise each batch is prepared when it is taken. The bytes are the
 * same either way: they depend only on the stream's name.
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
    // If the training ends before this batch is taken, its error must not end the process.
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
  const ready = loaded.then(async (one) => {
    const augmented = await augment(one, augmentation, streamName);
    options.onAugmented?.(epoch, one, augmented);
    return augmented;
  });
  return { loaded, ready };
}

/** The reference augmentation: every other must give the same bytes. */
const augmentHere: NonNullable<FitOptions['augment']> = (one, settings, streamName) =>
  augmentCase(one, settings, randomStream(...streamName));
