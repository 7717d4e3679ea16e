import assert from 'node:assert/strict';

import type { Triple } from '../../../domain/image/grid.js';
import type { ModelName } from '../../../domain/training/networks/network.js';
import type { LossChoice } from '../../../domain/training/losses/loss-choice.js';
import type { TrainingSettings } from '../../../domain/training/training-settings.js';
import type { FinishedFit, FitOptions, FitResult } from '../../../learning/training/fit-options.js';
import type { TrainingCase } from '../../../learning/training/training-case.js';
import { boxCase, tinyTraining } from './small-problems.js';

export interface Problem {
  readonly model: ModelName;
  readonly loss: LossChoice;
  readonly training?: Partial<TrainingSettings>;
  readonly shape?: Triple;
}

/** A training of four cases and two validation cases, three epochs long, whose checkpoints are kept in memory. */
export function problem({ model, loss, training, shape = [27, 27, 1] }: Problem): {
  readonly options: FitOptions;
  readonly saved: () => Uint8Array | undefined;
} {
  let bytes: Uint8Array | undefined;
  const cases = new Map<string, TrainingCase>();
  const loadCase = ({ id }: { readonly id: string }): TrainingCase => {
    const one = cases.get(id) ?? boxCase(shape, 1, id);
    cases.set(id, one);
    return one;
  };
  const options: FitOptions = {
    network: { model, dimensions: shape[2] === 1 ? 2 : 3, channels: 1, upsampling: 'same' },
    loss,
    cropShape: shape,
    training: { ...tinyTraining, learningRate: model === 'lr' ? 1 : 1e-3, batchSize: 3, ...training },
    identity: 'boxes',
    checkpointMinutes: 5,
    streamName: [7, 'boxes', 0],
    trainingCases: ['a', 'b', 'c', 'd'].map((id) => ({ id })),
    validationCases: ['e', 'f'].map((id) => ({ id })),
    loadCase,
    checkpoints: {
      load: () => Promise.resolve(bytes),
      save: (next) => {
        bytes = next;
        return Promise.resolve();
      },
    },
    onProgress: () => undefined,
    signal: new AbortController().signal,
    now: () => 0,
  };
  return { options, saved: () => bytes };
}

export function finished(result: FitResult): FinishedFit {
  assert.ok(result.status === 'finished');
  return result;
}

export function assertSameCourse(actual: FitResult, expected: FitResult): void {
  const [a, b] = [finished(actual), finished(expected)];
  assert.deepEqual(a.history, b.history);
  assert.deepEqual(Buffer.from(a.weights.buffer), Buffer.from(b.weights.buffer));
  assert.equal(a.bestEpoch, b.bestEpoch);
}
