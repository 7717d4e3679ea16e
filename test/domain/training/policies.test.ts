import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { epochBatches } from '../../../domain/training/epoch-order.js';
import {
  progressAfterEpoch,
  progressStart,
  stopReason,
  type TrainingProgress,
} from '../../../domain/training/training-progress.js';
import type { TrainingSettings } from '../../../domain/training/training-settings.js';

const settings = {
  plateau: { patienceEpochs: 75, divideBy: 5 },
  stop: { patienceEpochs: 150 },
  minDelta: 1e-4,
  maxEpochs: 1000,
};

function after(
  losses: readonly number[],
  from: TrainingProgress = progressStart(1e-3),
  by: Pick<TrainingSettings, 'plateau' | 'minDelta'> = settings,
): TrainingProgress {
  return losses.reduce(
    (progress, validationLoss) => progressAfterEpoch(progress, { trainingLoss: 1, validationLoss }, by),
    from,
  );
}

const constant = (count: number, loss = 0.5): number[] => new Array<number>(count).fill(loss);

test('the learning rate is divided by 5 after 75 epochs without improvement, and again after 75 more', () => {
  assert.equal(after(constant(75)).plateau.learningRate, 1e-3);
  assert.equal(after(constant(76)).plateau.learningRate, 1e-3 / 5);
  assert.equal(after(constant(150)).plateau.learningRate, 1e-3 / 5);
  assert.equal(after(constant(151)).plateau.learningRate, 1e-3 / 5 / 5);
});

test('training stops after 150 epochs without improvement', () => {
  assert.equal(stopReason(after(constant(150)), settings), undefined);
  assert.equal(stopReason(after(constant(151)), settings), 'noImprovement');
});

test('a fall by minDelta or less is no improvement, but may be the best epoch', () => {
  const progress = after([...constant(75), 0.4999]);
  assert.equal(progress.plateau.learningRate, 1e-3 / 5);
  assert.equal(progress.best?.epoch, 76);
  assert.equal(after([...constant(75), 0.4998]).plateau.learningRate, 1e-3);
});

test('an improvement starts both counts anew', () => {
  const progress = after([...constant(149), 0.3, ...constant(149)]);
  assert.equal(stopReason(progress, settings), undefined);
  assert.equal(stopReason(after([0.5], progress), settings), 'noImprovement');
});

test('many small falls that add up to more than minDelta count as an improvement', () => {
  const losses = Array.from({ length: 300 }, (_, index) => 0.5 - index * 5e-5);
  assert.equal(after(losses).plateau.learningRate, 1e-3);
  assert.equal(stopReason(after(losses), settings), undefined);
});

const relative = { ...settings, minDelta: { relative: 1e-3 } };

test('with a relative minDelta a fall by more than that share of the reference is an improvement', () => {
  // The share is of 0.5, so the loss must fall below 0.4995.
  assert.equal(after([...constant(75), 0.4996], progressStart(1e-3), relative).plateau.learningRate, 1e-3 / 5);
  assert.equal(after([...constant(75), 0.4994], progressStart(1e-3), relative).plateau.learningRate, 1e-3);
  assert.equal(after([...constant(150), 0.4994], progressStart(1e-3), relative).earlyStop.epochsWithoutImprovement, 0);
});

test('a relative minDelta is of the last loss that was an improvement, not of the first or of the last', () => {
  // 0.1 is the reference. 0.09995 is no improvement on it; 0.09989 is, though not by a thousandth of the loss before.
  const losses = [0.5, 0.1, 0.09995, 0.09989];
  assert.deepEqual(after(losses.slice(0, 3), progressStart(1e-3), relative).plateau.referenceLoss, 0.1);
  assert.deepEqual(after(losses, progressStart(1e-3), relative).plateau.referenceLoss, 0.09989);
});

test('a relative minDelta treats a loss and its multiple alike; an absolute one lowers the rate of the smaller sooner', () => {
  // The loss falls by half a per cent an epoch, from 0.01 (as cross-entropy does) and from 0.5 (as soft Dice).
  const falling = (from: number): number[] => Array.from({ length: 100 }, (_, index) => from * 0.995 ** index);
  const reductions = (from: number, by: typeof relative | typeof settings): number =>
    new Set(after(falling(from), progressStart(1e-3), by).history.map(({ learningRate }) => learningRate)).size - 1;
  const impatient = { plateau: { patienceEpochs: 2, divideBy: 5 } };
  assert.equal(reductions(0.5, { ...relative, ...impatient }), 0);
  assert.equal(reductions(0.01, { ...relative, ...impatient }), 0);
  assert.equal(reductions(0.5, { ...settings, ...impatient }), 0);
  assert.ok(reductions(0.01, { ...settings, ...impatient }) > 10);
});

test('nothing improves on a loss of 0, with a relative minDelta or an absolute one', () => {
  for (const by of [relative, settings]) {
    assert.equal(after([0, 0, 0], progressStart(1e-3), by).earlyStop.epochsWithoutImprovement, 2);
  }
});

test('training ends after maxEpochs', () => {
  assert.equal(stopReason(after([0.5, 0.4]), { ...settings, maxEpochs: 2 }), 'maxEpochs');
});

test('of equal losses the earliest epoch is the best', () => {
  assert.deepEqual(after([0.5, 0.4, 0.4]).best, { epoch: 2, validationLoss: 0.4 });
});

test('history keeps the rate that each epoch was trained with', () => {
  const { history } = after(constant(77));
  assert.deepEqual(history[75], { epoch: 76, trainingLoss: 1, validationLoss: 0.5, learningRate: 1e-3 });
  assert.equal(history[76]?.learningRate, 1e-3 / 5);
});

test('an epoch sees every case once, in batches of the size asked for', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 7 }),
      (cases, batchSize) => {
        const batches = epochBatches(cases, { streamName: [1], epoch: 3, batchSize });
        assert.deepEqual(batches.flat().sort(), [...cases].sort());
        assert.ok(batches.slice(0, -1).every(({ length }) => length === batchSize));
        assert.ok((batches.at(-1)?.length ?? 0) >= 1);
      },
    ),
    { seed: 1 },
  );
});

test('the order of cases changes from epoch to epoch and repeats for the same stream', () => {
  const cases = Array.from({ length: 20 }, (_, index) => index);
  const order = (epoch: number): number[] => epochBatches(cases, { streamName: [1, 'a'], epoch, batchSize: 4 }).flat();
  assert.deepEqual(order(1), order(1));
  assert.notDeepEqual(order(1), order(2));
});
