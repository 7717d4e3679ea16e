import type { UnitCoordinates } from '../../domain/plan/units.js';
import { voxelCount } from '../../domain/image/grid.js';
import { randomStream } from '../../domain/random/random-stream.js';
import { lossNamed } from '../../domain/training/losses/loss-choice.js';
import type { FitProgress } from '../../learning/training/fit-options.js';
import type { TrainingCase } from '../../learning/training/training-case.js';
import type { SweepContent } from '../../storage/sweeps/sweep-content.js';
import { augmentingThreads, trainingSettings } from '../train.js';
import { sourceOf } from '../unit-sources.js';
import { augmentPool } from './augment-pool.js';
import { cropShapeOf, networkBefore } from './unit-cases.js';

/** What a training of an arm takes on this machine, in seconds. */
export interface TrainingPace {
  /** Of a batch, with its augmentation. */
  readonly stepSeconds: number;
  /** Of a validation case. */
  readonly validationSeconds: number;
}

/** Enough that small steps are many; large ones are measured in one epoch. */
const secondsToMeasure = 3;
const batchesPerEpoch = 2;

/**
 * Trains an arm of a sweep for a few seconds on random images and measures its pace. The first epoch, in which kernels
 * are prepared, does not count. CONFIG_INVALID if the crop does not fit the network.
 */
export async function measureTraining(content: SweepContent, coordinates: UnitCoordinates): Promise<TrainingPace> {
  const source = sourceOf.armFold(content, coordinates);
  const { arm, dataSet } = source;
  const settings = trainingSettings(source);
  const cropShape = cropShapeOf(settings.crop);
  const channels = dataSet.modalities.length;
  const { fit } = await import('../../learning/training/fit.js');
  const pool = settings.augmentation === 'none' ? undefined : augmentPool(augmentingThreads(settings.threads));
  const cases = Array.from({ length: batchesPerEpoch * settings.batchSize }, (_, index) => ({ id: `case-${index}` }));
  const ending = new AbortController();
  const watch = paceWatch(() => {
    ending.abort();
  });
  const one = randomCase(cropShape, channels);
  await fit({
    network: networkBefore(arm.model, dataSet, settings.network),
    ...{ loss: lossNamed(arm.loss), cropShape, identity: 'pace', streamName: ['pace'] },
    training: { ...settings, maxEpochs: Number.MAX_SAFE_INTEGER, stop: { patienceEpochs: Number.MAX_SAFE_INTEGER } },
    ...{ trainingCases: cases, validationCases: [{ id: 'validation' }], loadCase: () => one },
    ...(pool !== undefined && { augment: pool.augment }),
    checkpoints: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
    checkpointMinutes: Infinity,
    onProgress: watch.note,
    signal: ending.signal,
    now: () => performance.now(),
  }).finally(() => pool?.close());
  return watch.pace();
}

/** Adds up the times between the signs of progress, from the second epoch on. */
function paceWatch(end: () => void): { note: (one: FitProgress) => void; pace: () => TrainingPace } {
  const start = performance.now();
  const sums = { step: 0, validation: 0 };
  const counts = { step: 0, validation: 0 };
  let last = start;
  return {
    note: ({ kind, epoch }) => {
      if (kind !== 'step' && kind !== 'validation' && kind !== 'epoch') return;
      const now = performance.now();
      if (kind !== 'epoch' && epoch > 1) {
        sums[kind] += now - last;
        counts[kind]++;
      }
      last = now;
      if (kind === 'epoch' && counts.step >= batchesPerEpoch && now - start > secondsToMeasure * 1000) end();
    },
    pace: () => ({
      stepSeconds: sums.step / counts.step / 1000,
      validationSeconds: sums.validation / counts.validation / 1000,
    }),
  };
}

/** A case of noise around 0, an eighth of which is structure. */
function randomCase(shape: TrainingCase['shape'], channels: number): TrainingCase {
  const random = randomStream('pace', 'case');
  const voxels = voxelCount(shape);
  return {
    shape,
    images: Array.from({ length: channels }, () => Float32Array.from({ length: voxels }, () => random.uniform() - 0.5)),
    label: Uint8Array.from({ length: voxels }, (_, index) => (index % 8 === 0 ? 1 : 0)),
  };
}
