import assert from 'node:assert/strict';
import test from 'node:test';

import type { Triple } from '../../../domain/image/grid.js';
import { describeNetwork } from '../../../domain/training/networks/describe-network.js';
import { initialWeights } from '../../../domain/training/networks/initial-weights.js';
import type { NetworkChoice } from '../../../domain/training/networks/network.js';
import { parameterLayout } from '../../../domain/training/networks/parameter-layout.js';
import type { LossChoice } from '../../../domain/training/losses/loss-choice.js';
import { adamStart } from '../../../learning/training/adam.js';
import { chooseLoss } from '../../../learning/losses/choose-loss.js';
import { trainer } from '../../../learning/training/trainer.js';
import type { TrainingCase } from '../../../learning/training/training-case.js';
import { boxCase, tinyTraining } from '../support/small-problems.js';

interface Arm {
  readonly network: NetworkChoice;
  readonly loss: LossChoice;
  readonly one: TrainingCase;
}

const lossOf = ({ network, loss, one }: Arm, weights: Float32Array): number => {
  const model = trainerOf({ network, loss, one }, weights);
  const value = model.loss([one]);
  model.dispose();
  return value;
};

const trainerOf = ({ network, loss, one }: Arm, weights: Float32Array): ReturnType<typeof trainer> =>
  trainer({
    network,
    inputShape: one.shape,
    loss: chooseLoss(loss, tinyTraining),
    adam: tinyTraining.adam,
    start: adamStart(weights),
  });

/** Adam's first moments after its first step are the gradient times 1 − β₁. */
function gradientOf(arm: Arm, weights: Float32Array): Float32Array {
  const model = trainerOf(arm, weights);
  model.step([arm.one], 0);
  const gradient = model.state().firstMoments.map((value) => value / (1 - tinyTraining.adam.beta1));
  model.dispose();
  return gradient;
}

/** The gradient's part that belongs to one channel in the kernel that reads the image; elsewhere 0. */
function partOfChannel(gradient: Float32Array, network: NetworkChoice, channel: number): Float32Array {
  const [kernel] = parameterLayout(describeNetwork(network));
  const filters = kernel?.shape.at(-1) ?? 0;
  return gradient.map((value, index) =>
    index < (kernel?.size ?? 0) && Math.floor(index / filters) % network.channels === channel ? value : 0,
  );
}

for (const model of ['lr', 'convnet', 'unet'] as const) {
  for (const dimensions of [2, 3] as const) {
    for (const loss of ['ce', 'sd'] as const) {
      test(`${model} in ${String(dimensions)}D learns from 1 to 8 channels with ${loss}, each with its own gradient`, () => {
        const shape: Triple = dimensions === 2 ? [27, 27, 1] : model === 'unet' ? [27, 27, 27] : [9, 12, 9];
        for (let channels = 1; channels <= 8; channels++) {
          const network: NetworkChoice = { model, dimensions, channels, upsampling: 'same' };
          const description = describeNetwork(network);
          const arm = { network, loss, one: boxCase(shape, channels, `${model} ${String(channels)}`) };
          const weights = initialWeights(description, ['every arm', channels]);
          const before = lossOf(arm, weights);
          const gradient = gradientOf(arm, weights);
          for (const channel of new Set([0, channels >> 1, channels - 1])) {
            assertSlope(arm, weights, partOfChannel(gradient, network, channel));
          }
          const trained = trainerOf(arm, weights);
          for (let step = 0; step < 3; step++) trained.step([arm.one], model === 'lr' ? 0.01 : 1e-4);
          assert.ok(trained.loss([arm.one]) < before, `${String(channels)} channels: the loss does not fall`);
          trained.dispose();
        }
      });
    }
  }
}

/**
 * Central differences along a part of the gradient: its slope is the part's norm. That gradients agree to 1e-4 is shown
 * against PyTorch, in pytorch-agreement.test.ts.
 */
function assertSlope(arm: Arm, weights: Float32Array, part: Float32Array): void {
  const norm = Math.sqrt(part.reduce((sum, value) => sum + value * value, 0));
  assert.ok(norm > 0);
  // Far enough for single precision, which moves a loss of about 1 by 1e-7; near enough that few units pass their kinks.
  const length = 0.002;
  const moved = (sign: number): Float32Array =>
    weights.map((value, index) => value + (sign * length * (part[index] as number)) / norm);
  const slope = (lossOf(arm, moved(1)) - lossOf(arm, moved(-1))) / (2 * length);
  // Up to 2 % of a slope are units that pass their kinks; a wrong channel is off by as much as there is.
  const { channels } = arm.network;
  assert.ok(Math.abs(slope / norm - 1) < 0.03, `${String(channels)} channels: ${String(slope)}, not ${String(norm)}`);
}
