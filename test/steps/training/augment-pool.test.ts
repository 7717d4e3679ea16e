import assert from 'node:assert/strict';
import test from 'node:test';

import { augmentCase } from '../../../domain/augment/augment-case.js';
import type { Triple } from '../../../domain/image/grid.js';
import { randomStream } from '../../../domain/random/random-stream.js';
import { fit } from '../../../learning/training/fit.js';
import type { FitOptions } from '../../../learning/training/fit-options.js';
import type { TrainingCase } from '../../../learning/training/training-case.js';
import { augmentPool } from '../../../steps/training/augment-pool.js';
import { boxCase, tinyAugmentation, tinyTraining } from '../../learning/support/small-problems.js';

test('threads augment exactly as the main thread does, in whatever order they answer', async () => {
  const pool = augmentPool(2);
  try {
    const plain = boxCase([27, 24, 9], 2, 'a');
    const masked = { ...boxCase([12, 9, 1], 1, 'b'), mask: new Uint8Array(108).fill(1) };
    const requests = Array.from({ length: 8 }, (_, index) => ({
      one: index % 2 === 0 ? plain : masked,
      name: ['pool', index],
    }));
    const before = structuredClone(plain);
    const answers = await Promise.all(requests.map(({ one, name }) => pool.augment(one, tinyAugmentation, name)));
    for (const [index, { one, name }] of requests.entries()) {
      assert.deepEqual(answers[index], augmentCase(one, tinyAugmentation, randomStream(...name)));
    }
    assert.deepEqual(plain, before, 'the input is unchanged');
  } finally {
    await pool.close();
  }
});

test('a case that cannot be augmented fails its training instead of blocking it forever', async () => {
  const pool = augmentPool(1);
  try {
    const broken = { ...boxCase([27, 27, 1], 1, 'a'), images: [undefined] } as unknown as TrainingCase;
    await assert.rejects(async () => pool.augment(broken, tinyAugmentation, ['x']), TypeError);
  } finally {
    await pool.close();
  }
});

test('augmenting ahead in threads does not change the bytes of a training', async () => {
  const shape: Triple = [27, 27, 1];
  const options: FitOptions = {
    network: { model: 'convnet', dimensions: 2, channels: 1, upsampling: 'same' },
    loss: 'sd',
    cropShape: shape,
    training: { ...tinyTraining, batchSize: 2, maxEpochs: 3, augmentation: tinyAugmentation },
    identity: 'boxes',
    checkpointMinutes: 5,
    streamName: [7, 'boxes', 0],
    trainingCases: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => ({ id })),
    validationCases: [{ id: 'v' }],
    loadCase: ({ id }) => boxCase(shape, 1, id),
    checkpoints: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
    onProgress: () => undefined,
    signal: new AbortController().signal,
    now: () => 0,
  };
  const pool = augmentPool(2);
  let most = 0;
  let waiting = 0;
  const augment: FitOptions['augment'] = async (one, settings, name) => {
    most = Math.max(most, ++waiting);
    const result = await pool.augment(one, settings, name);
    waiting--;
    return result;
  };
  try {
    assert.deepEqual(await fit({ ...options, augment }), await fit(options));
    assert.ok(most > options.training.batchSize, `at most ${String(most)} cases were pending`);
  } finally {
    await pool.close();
  }
});

test('a case that cannot be loaded ends a training with that error, whether loaded ahead or not', async () => {
  const shape: Triple = [27, 27, 1];
  const pool = augmentPool(1);
  try {
    for (const ahead of [{ augment: pool.augment }, {}]) {
      const ended = fit({
        network: { model: 'lr', dimensions: 2, channels: 1, upsampling: 'same' },
        loss: 'ce',
        cropShape: shape,
        training: { ...tinyTraining, augmentation: tinyAugmentation },
        identity: 'boxes',
        checkpointMinutes: 5,
        streamName: [7],
        trainingCases: ['a', 'b', 'c', 'd'].map((id) => ({ id })),
        validationCases: [{ id: 'v' }],
        loadCase: ({ id }) => (id === 'c' ? Promise.reject(new Error('no such case')) : boxCase(shape, 1, id)),
        ...ahead,
        checkpoints: { load: () => Promise.resolve(undefined), save: () => Promise.resolve() },
        onProgress: () => undefined,
        signal: new AbortController().signal,
        now: () => 0,
      });
      await assert.rejects(ended, /no such case/);
    }
  } finally {
    await pool.close();
  }
});
