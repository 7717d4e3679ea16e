import assert from 'node:assert/strict';
import test from 'node:test';
import { DomainError } from '../../../domain/domain-error.js';
import { describeNetwork } from '../../../domain/training/networks/describe-network.js';
import { initialWeights } from '../../../domain/training/networks/initial-weights.js';
import type { NetworkChoice } from '../../../domain/training/networks/network.js';
import { progressAfterEpoch, progressStart } from '../../../domain/training/training-progress.js';
import { encodeSafetensors } from '../../../domain/formats/safetensors.js';
import { decodeCheckpoint, encodeCheckpoint } from '../../../learning/training/checkpoint.js';
import { decodeWeights, encodeWeights } from '../../../learning/network/weights-file.js';
import { tinyTraining } from '../support/small-problems.js';

const isRefusal =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof DomainError && error.code === code;

const network: NetworkChoice = { model: 'convnet', dimensions: 3, channels: 2, upsampling: 'valid' };
const weights = initialWeights(describeNetwork(network), [3]);

test('a weights file gives the network and its weights back', () => {
  assert.deepEqual(decodeWeights(encodeWeights({ network, weights })), { network, weights });
  assert.deepEqual(encodeWeights({ network, weights }), encodeWeights({ network, weights }));
});

test('a weights file of another kind is refused', () => {
  const other = encodeSafetensors({ arrays: [], metadata: { format: 'something' } });
  assert.throws(() => decodeWeights(other), isRefusal('FILE_FORMAT_INVALID'));
});

test('a checkpoint gives the whole state back, doubles included', () => {
  const progress = [0.1 + 0.2, 1 / 3].reduce(
    (before, validationLoss) => progressAfterEpoch(before, { trainingLoss: Math.PI, validationLoss }, tinyTraining),
    progressStart(1e-3 / 3),
  );
  const state = {
    progress,
    stepsIntoEpoch: 3,
    lossSum: Math.E,
    adam: {
      steps: 11,
      weights: Float32Array.of(1, -0, 3.4e38),
      firstMoments: Float32Array.of(1e-40, 2, 3),
      secondMoments: Float32Array.of(4, 5, 6),
    },
    bestWeights: Float32Array.of(7, 8, 9),
  };
  assert.deepEqual(decodeCheckpoint(encodeCheckpoint(state, 'me'), 'me'), state);
  const first = { ...state, progress: progressStart(1), bestWeights: undefined };
  const bytes = encodeCheckpoint(first, 'me');
  assert.deepEqual(encodeCheckpoint(decodeCheckpoint(bytes, 'me'), 'me'), bytes);
});

test('a checkpoint cut short, or empty, or of another training, is refused', () => {
  const state = {
    progress: progressStart(1),
    stepsIntoEpoch: 0,
    lossSum: 0,
    adam: {
      steps: 0,
      weights: Float32Array.of(1),
      firstMoments: Float32Array.of(0),
      secondMoments: Float32Array.of(0),
    },
    bestWeights: undefined,
  };
  const bytes = encodeCheckpoint(state, 'me');
  for (const length of [0, 10, bytes.length - 1]) {
    assert.throws(() => decodeCheckpoint(bytes.subarray(0, length), 'me'), isRefusal('CHECKPOINT_CORRUPT'));
  }
  assert.throws(() => decodeCheckpoint(bytes, 'you'), isRefusal('CHECKPOINT_CORRUPT'));
});
