import assert from 'node:assert/strict';
import test from 'node:test';

import type { Triple } from '../../../domain/image/grid.js';
import { describeNetwork } from '../../../domain/training/networks/describe-network.js';
import { initialWeights } from '../../../domain/training/networks/initial-weights.js';
import type { Network, NetworkChoice } from '../../../domain/training/networks/network.js';
import { lossName, type LossChoice } from '../../../domain/training/losses/loss-choice.js';
import { chooseLoss } from '../../../learning/losses/choose-loss.js';
import { plannedPass } from '../../../learning/network/planned-pass.js';
import { vectorPass, type VectorPass } from '../../../learning/network/vector-pass.js';
import { watched } from '../../../learning/tensorflow/tensorflow.js';
import { adamStart } from '../../../learning/training/adam.js';
import { trainer, type Trainer } from '../../../learning/training/trainer.js';
import type { TrainingCase } from '../../../learning/training/training-case.js';
import { liveTensorCount } from '../support/live-tensor-count.js';
import { boxCase, tinyTraining } from '../support/small-problems.js';

const losses: readonly LossChoice[] = [
  ...(['ce', 'sd', 'batchSd', 'squaredSd', 'softJaccard', 'generalisedDice', 'diceSemimetric', 'lovaszHinge'] as const),
  { kind: 'smoothedSd', epsilon: 1 },
  { kind: 'tversky', alpha: 0.3, beta: 0.7 },
  { kind: 'focal', gamma: 2 },
  { kind: 'ceSd', weight: 0.5 },
];

interface Arm {
  readonly network: NetworkChoice;
  readonly loss: LossChoice;
  readonly batches: readonly (readonly TrainingCase[])[];
}

function trainerOf({ network, loss, batches }: Arm, passOf: (network: Network) => VectorPass): Trainer {
  return trainer({
    network,
    inputShape: batches[0]?.[0]?.shape ?? [1, 1, 1],
    loss: chooseLoss(loss, tinyTraining),
    adam: tinyTraining.adam,
    start: adamStart(initialWeights(describeNetwork(network), ['planned'])),
    passOf,
  });
}

/** Everything that a training hands out, and the number of kernels that were called one by one. */
function train(arm: Arm, passOf: (network: Network) => VectorPass): { results: unknown; calls: number } {
  const model = trainerOf(arm, passOf);
  let calls = 0;
  const values = watched(
    () => (calls += 1),
    () => arm.batches.map((batch) => [model.step(batch, 1e-3), model.validate(batch)]),
  );
  const results = { values, state: model.state() };
  model.dispose();
  return { results, calls };
}

/** The first step without a plan, all others with it. */
const planned = (network: Network): VectorPass => plannedPass(network, 1);

function assertSame(arm: Arm): void {
  const plain = train(arm, vectorPass);
  const before = liveTensorCount(); // with the constants of the kernels, which live on
  const withPlan = train(arm, planned);
  assert.equal(liveTensorCount(), before, 'tensors are left');
  assert.deepEqual(withPlan.results, plain.results);
  assert.ok(withPlan.calls < 0.8 * plain.calls, `${String(withPlan.calls)} calls, of ${String(plain.calls)} without`);
}

const shapes: Readonly<Record<2 | 3, Triple>> = { 2: [54, 54, 1], 3: [27, 27, 27] };
const unet = (dimensions: 2 | 3): NetworkChoice => ({ model: 'unet', dimensions, channels: 1, upsampling: 'same' });
const masked = (one: TrainingCase): TrainingCase => ({ ...one, mask: one.label.map((_, index) => (index % 5 ? 1 : 0)) as Uint8Array }); // prettier-ignore

for (const dimensions of [2, 3] as const) {
  for (const loss of losses) {
    test(`${String(dimensions)}D, ${lossName(loss)}: passes as one call give the bytes of single operations`, () => {
      const cases = ['a', 'b', 'c', 'd', 'e'].map((name) => boxCase(shapes[dimensions], 1, name));
      assertSame({ network: unet(dimensions), loss, batches: cases.map((one) => [one]) });
    });
  }
}

test('so do batches of several sizes, with masks, and up-sampling without padding', () => {
  const network: NetworkChoice = { ...unet(2), channels: 2, upsampling: 'valid' };
  const [a, b] = [boxCase([108, 81, 1], 2, 'a'), masked(boxCase([108, 81, 1], 2, 'b'))] as const;
  assertSame({ network, loss: 'sd', batches: [[a, b], [b], [b, a], [a], [a, b], [b], [a, b], [b]] });
});

test('so do the passes of a ConvNet', () => {
  const cases = ['a', 'b', 'c', 'd', 'e'].map((name) => boxCase([30, 24, 1], 1, name));
  assertSame({ network: { ...unet(2), model: 'convnet' }, loss: 'ce', batches: cases.map((one) => [one]) });
});

test('a logistic regression and large images are computed by single operations', () => {
  const logistic = boxCase([30, 24, 1], 1, 'a');
  const large = boxCase([81, 81, 81], 1, 'large'); // ConvNet, of which a step is short
  for (const [model, one] of [
    ['lr', logistic],
    ['convnet', large],
  ] as const) {
    // prettier-ignore
    const dimensions = one.shape[2] === 1 ? 2 : 3;
    const arm: Arm = { network: { ...unet(dimensions), model }, loss: 'ce', batches: [[one], [one], [one]] };
    assert.equal(train(arm, planned).calls, train(arm, vectorPass).calls);
  }
});
