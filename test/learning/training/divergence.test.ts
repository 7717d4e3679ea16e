import assert from 'node:assert/strict';
import test from 'node:test';

import { DomainError } from '../../../domain/domain-error.js';
import type { Triple } from '../../../domain/image/grid.js';
import type { TrainingSettings } from '../../../domain/training/training-settings.js';
import { fit } from '../../../learning/training/fit.js';
import type { FitOptions } from '../../../learning/training/fit-options.js';
import { decodeSafetensors } from '../../../domain/formats/safetensors.js';
import type { TrainingCase } from '../../../learning/training/training-case.js';
import { boxCase, tinyTraining } from '../support/small-problems.js';

const shape: Triple = [27, 27, 1];

interface Problem {
  readonly training?: Partial<TrainingSettings>;
  readonly loadCase?: (id: string) => TrainingCase;
}

function problem({ training, loadCase }: Problem): { options: FitOptions; saved: Uint8Array[] } {
  const saved: Uint8Array[] = [];
  // Every look at the clock finds a checkpoint due.
  let time = 0;
  const options: FitOptions = {
    network: { model: 'lr', dimensions: 2, channels: 1, upsampling: 'same' },
    loss: 'ce',
    cropShape: shape,
    training: { ...tinyTraining, learningRate: 1, ...training },
    identity: 'divergence',
    checkpointMinutes: 5,
    streamName: ['divergence'],
    trainingCases: [{ id: 'a' }, { id: 'b' }],
    validationCases: [{ id: 'c' }, { id: 'd' }],
    loadCase: ({ id }) => loadCase?.(id) ?? boxCase(shape, 1, id),
    checkpoints: {
      load: () => Promise.resolve(undefined),
      save: (bytes) => {
        saved.push(bytes);
        return Promise.resolve();
      },
    },
    onProgress: () => undefined,
    signal: new AbortController().signal,
    now: () => (time += 1e9),
  };
  return { options, saved };
}

test('non-finite weights end a training as diverged and never replace the last good checkpoint', async () => {
  // No fall of the loss counts, so after two epochs the rate is divided, here to something beyond single precision.
  const training = { maxEpochs: 9, minDelta: 10, plateau: { patienceEpochs: 2, divideBy: 1e-39 } };
  const { options, saved } = problem({ training });
  await assert.rejects(
    fit(options),
    (error) =>
      error instanceof DomainError && error.code === 'TRAINING_DIVERGED' && /weight is not finite/.test(error.message),
  );
  assert.ok(saved.length >= 4, String(saved.length));
  for (const bytes of saved) {
    const weights = decodeSafetensors(bytes.subarray(0, -32)).arrays.find(({ name }) => name === 'weights');
    assert.ok(weights?.values.every(Number.isFinite));
  }
});

async function lastRange(one: Problem): Promise<readonly [number, number]> {
  const result = await fit(problem(one).options);
  assert.ok(result.status === 'finished');
  const range = result.history.at(-1)?.predictionRange;
  assert.ok(range !== undefined);
  return range;
}

test('the history records the range of the predicted probabilities', async () => {
  const [lowest, highest] = await lastRange({ training: { maxEpochs: 20 } });
  assert.ok(lowest > 0 && lowest < 0.1 && highest > 0.5 && highest < 1, `${String(lowest)} to ${String(highest)}`);
});

test('cross-entropy predicts a constant (the frequency of the structure) for uninformative images: recorded, not an error', async () => {
  const loadCase = (id: string): TrainingCase => ({ ...boxCase(shape, 1, id), images: [new Float32Array(729)] });
  const training = { maxEpochs: 60, learningRate: 0.1 };
  const [lowest, highest] = await lastRange({ loadCase, training });
  assert.equal(lowest, highest);
  assert.ok(Math.abs(lowest - 81 / 729) < 0.01, String(lowest));
});

test('voxels outside the mask do not count in the range', async () => {
  const loadCase = (id: string): TrainingCase => {
    const mask = new Uint8Array(729);
    mask[100] = 1;
    return { ...boxCase(shape, 1, id), mask };
  };
  const { options } = problem({ loadCase });
  const result = await fit({ ...options, validationCases: [{ id: 'c' }] });
  assert.ok(result.status === 'finished');
  for (const { predictionRange } of result.history) assert.equal(predictionRange?.[0], predictionRange?.[1]);
});

const blank = (id: string): TrainingCase => ({ ...boxCase(shape, 1, id), images: [new Float32Array(729)] });
const refusal = (pattern: RegExp) => (error: unknown) =>
  error instanceof DomainError && error.code === 'TRAINING_DIVERGED' && pattern.test(error.message);

test('with onConstantPrediction diverge, a training that ends in a constant prediction diverges and keeps its last state', async () => {
  const training = { maxEpochs: 6, onConstantPrediction: 'diverge' } as const;
  const { options, saved } = problem({ loadCase: blank, training });
  await assert.rejects(
    fit(options),
    refusal(/collapsed: from epoch 1 on, including the best one, it predicts the same probab/),
  );
  const last = saved.at(-1);
  assert.ok(last !== undefined);
  // Gone on from that state, it is refused again, without a step.
  const steps: string[] = [];
  const again = fit({
    ...options,
    checkpoints: { load: () => Promise.resolve(last), save: () => Promise.resolve() },
    onProgress: ({ kind }) => kind === 'step' && steps.push(kind),
  });
  await assert.rejects(again, refusal(/the same probability/));
  assert.deepEqual(steps, []);
  // The same course, under the setting that counts it.
  const { onConstantPrediction: _, ...counting } = options.training;
  const counted = await fit({
    ...options,
    training: counting,
    checkpoints: { load: () => Promise.resolve(last), save: () => Promise.resolve() },
  });
  assert.ok(counted.status === 'finished' && counted.history.length === 6);
});

test('a training that collapses right after its best epoch diverges too, but not a normal one', async () => {
  // No fall of the loss counts, so after three epochs the rate becomes 1,000 times larger.
  const training = {
    maxEpochs: 5,
    learningRate: 1e-3,
    minDelta: 10,
    plateau: { patienceEpochs: 2, divideBy: 1e-3 },
    onConstantPrediction: 'diverge',
  } as const;
  const { options } = problem({ training });
  const network = { ...options.network, model: 'unet' } as const;
  const collapsing = fit({ ...options, network, loss: 'sd' });
  await assert.rejects(
    collapsing,
    refusal(/collapsed: from epoch 4 on, directly after the best one, it predicts the same/),
  );
  const steady = { ...options.training, plateau: { patienceEpochs: 2, divideBy: 5 } };
  assert.equal((await fit({ ...options, network, loss: 'sd', training: steady })).status, 'finished');
});
