import assert from 'node:assert/strict';
import test from 'node:test';
import { DomainError } from '../../../domain/domain-error.js';
import type { Triple } from '../../../domain/image/grid.js';
import { fit } from '../../../learning/training/fit.js';
import type { FitOptions } from '../../../learning/training/fit-options.js';
import { liveTensorCount } from '../support/live-tensor-count.js';
import { assertSameCourse, finished, problem } from '../support/fit-problem.js';
import { tinyAugmentation } from '../support/small-problems.js';

class Killed extends Error {}

/** Runs until event number `count` of a kind, where it dies without another word, as by kill -9. */
async function runUntilKilled(options: FitOptions, kind: string, count: number): Promise<void> {
  let seen = 0;
  const onProgress: FitOptions['onProgress'] = (event) => {
    seen += event.kind === kind ? 1 : 0;
    if (seen === count) throw new Killed();
  };
  await assert.rejects(fit({ ...options, onProgress }), Killed);
}

/** A clock that makes every step's checkpoint due. */
function hurriedClock(): () => number {
  let time = 0;
  return () => (time += 1e9);
}

const arms = (['lr', 'convnet', 'unet'] as const).flatMap((model) =>
  (['ce', 'sd'] as const).map((loss) => ({ model, loss })),
);

for (const arm of arms) {
  test(`${arm.model} trained with ${arm.loss}: killed anywhere and resumed, it ends with the same bytes`, async () => {
    const uninterrupted = await fit(problem(arm).options);
    for (const [kind, count] of [
      ['step', 1],
      ['caseLoaded', 5],
      ['step', 3],
      ['validation', 4],
      ['step', 6],
    ] as const) {
      const { options, saved } = problem(arm);
      await runUntilKilled({ ...options, now: hurriedClock() }, kind, count);
      if (kind !== 'step' || count > 1) assert.notEqual(saved(), undefined);
      assertSameCourse(await fit(options), uninterrupted);
    }
  });

  test(`${arm.model} trained with ${arm.loss}: stopped by its signal in mid-epoch and resumed, it ends with the same bytes`, async () => {
    const uninterrupted = await fit(problem(arm).options);
    for (const stopAt of [1, 3, 4]) {
      const { options, saved } = problem(arm);
      const controller = new AbortController();
      let steps = 0;
      const onProgress: FitOptions['onProgress'] = ({ kind }) => {
        steps += kind === 'step' ? 1 : 0;
        if (steps === stopAt) controller.abort();
      };
      assert.deepEqual(await fit({ ...options, onProgress, signal: controller.signal }), { status: 'interrupted' });
      assert.notEqual(saved(), undefined);
      assertSameCourse(await fit(options), uninterrupted);
    }
  });
}

test('with augmentation a killed and resumed training ends with the same bytes', async () => {
  const arm = { model: 'convnet', loss: 'sd', training: { augmentation: tinyAugmentation } } as const;
  const uninterrupted = await fit(problem(arm).options);
  const { options } = problem(arm);
  await runUntilKilled({ ...options, now: hurriedClock() }, 'step', 3);
  assertSameCourse(await fit(options), uninterrupted);
  const without = finished(await fit(problem({ model: 'convnet', loss: 'sd' }).options));
  assert.notDeepEqual(finished(uninterrupted).history, without.history);
});

test('the order in which cases are given changes nothing', async () => {
  const { options } = problem({ model: 'convnet', loss: 'ce' });
  const reversed = { ...options, trainingCases: [...options.trainingCases].reverse() };
  assertSameCourse(await fit(reversed), await fit(options));
});

test('a checkpoint of another training is refused', async () => {
  const { options } = problem({ model: 'lr', loss: 'ce' });
  await runUntilKilled({ ...options, now: hurriedClock() }, 'step', 3);
  await assert.rejects(
    fit({ ...options, identity: 'other boxes' }),
    (error) => error instanceof DomainError && error.code === 'CHECKPOINT_CORRUPT',
  );
});

test('a checkpoint with one flipped bit is refused', async () => {
  const { options, saved } = problem({ model: 'lr', loss: 'ce' });
  await runUntilKilled({ ...options, now: hurriedClock() }, 'step', 3);
  const bytes = saved();
  assert.ok(bytes !== undefined);
  const place = Math.floor(bytes.length / 2);
  bytes[place] = (bytes[place] as number) ^ 4;
  await assert.rejects(fit(options), (error) => error instanceof DomainError && error.code === 'CHECKPOINT_CORRUPT');
});

test('checkpoints are saved when the clock says so and not otherwise', async () => {
  const kinds: string[] = [];
  const { options, saved } = problem({ model: 'lr', loss: 'ce' });
  await fit({ ...options, onProgress: ({ kind }) => kinds.push(kind) });
  assert.equal(saved(), undefined);
  // Each of the two steps of an epoch takes 30 seconds, so a checkpoint is due after the second.
  let time = 0;
  const every = { ...options, checkpointMinutes: 1, now: () => time };
  const checkpoints: string[] = [];
  await fit({
    ...every,
    onProgress: ({ kind, epoch, step }) => {
      if (kind === 'step') time += 30_000;
      if (kind === 'checkpoint') checkpoints.push(`epoch ${String(epoch)} step ${String(step)}`);
    },
  });
  assert.deepEqual(checkpoints, ['epoch 1 step 2', 'epoch 2 step 2', 'epoch 3 step 2']);
});

test('progress counts epochs and steps from 1 and names their totals', async () => {
  const events: string[] = [];
  const { options } = problem({ model: 'lr', loss: 'ce', training: { maxEpochs: 2 } });
  await fit({
    ...options,
    onProgress: ({ kind, epoch, maxEpochs, step, steps }) => {
      if (kind === 'step' || kind === 'epoch')
        events.push(`${kind} ${String(epoch)}/${String(maxEpochs)} ${String(step)}/${String(steps)}`);
    },
  });
  assert.deepEqual(events, [
    'step 1/2 1/2',
    'step 1/2 2/2',
    'epoch 1/2 2/2',
    'step 2/2 1/2',
    'step 2/2 2/2',
    'epoch 2/2 2/2',
  ]);
});

test('the best weights are those of the epoch with the lowest validation loss', async () => {
  const long = finished(await fit(problem({ model: 'lr', loss: 'ce', training: { maxEpochs: 12 } }).options));
  const lowest = [...long.history].sort((a, b) => a.validationLoss - b.validationLoss || a.epoch - b.epoch)[0];
  assert.equal(long.bestEpoch, lowest?.epoch);
  const short = finished(
    await fit(problem({ model: 'lr', loss: 'ce', training: { maxEpochs: long.bestEpoch } }).options),
  );
  assert.deepEqual(short.weights, long.weights);
});

test('without improvement a training stops early and says why', async () => {
  const training = {
    maxEpochs: 50,
    minDelta: 10,
    stop: { patienceEpochs: 4 },
    plateau: { patienceEpochs: 2, divideBy: 5 },
  };
  const result = finished(await fit(problem({ model: 'lr', loss: 'ce', training }).options));
  assert.equal(result.stoppedBecause, 'noImprovement');
  assert.deepEqual(
    result.history.map(({ learningRate }) => learningRate),
    [1, 1, 1, 0.2, 0.2],
  );
});

for (const dimensions of [2, 3] as const) {
  for (const loss of ['ce', 'sd'] as const) {
    test(`a U-Net in ${String(dimensions)}D learns a box with ${loss}`, async () => {
      const shape: Triple = dimensions === 2 ? [27, 27, 1] : [27, 27, 27];
      // With 1e-3 the 3D network may predict nothing at all for good after a few steps of soft Dice.
      const learningRate = 3e-4;
      const training = { maxEpochs: dimensions === 2 ? 15 : 8, batchSize: 1, learningRate };
      const { history } = finished(await fit(problem({ model: 'unet', loss, shape, training }).options));
      const losses = history.map(({ trainingLoss }) => trainingLoss);
      assert.ok((losses.at(-1) as number) < 0.8 * (losses[0] as number), losses.join(' '));
    });
  }
}

test('intensities that are not finite end a training as diverged', async () => {
  const { options } = problem({ model: 'unet', loss: 'ce' });
  const loadCase: FitOptions['loadCase'] = async (handle) => {
    const one = await options.loadCase(handle);
    return { ...one, images: one.images.map((image) => image.map((value, index) => (index === 300 ? NaN : value))) };
  };
  await assert.rejects(
    fit({ ...options, loadCase }),
    (error) => error instanceof DomainError && error.code === 'TRAINING_DIVERGED',
  );
});

test('a crop that does not fit is refused with the nearest sizes that do', async () => {
  const { options } = problem({ model: 'unet', loss: 'ce', shape: [40, 54, 1] });
  await assert.rejects(
    fit(options),
    (error) =>
      error instanceof DomainError && error.code === 'CONFIG_INVALID' && error.message.includes('27 or 54 × 54'),
  );
});

test('a training leaves no tensors behind', async () => {
  for (const arm of arms) await fit(problem(arm).options);
  const before = liveTensorCount();
  for (const arm of arms) await fit(problem(arm).options);
  assert.equal(liveTensorCount(), before);
});
