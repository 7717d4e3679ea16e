import assert from 'node:assert/strict';
import test from 'node:test';
import type { Triple } from '../../../domain/image/grid.js';
import { describeNetwork } from '../../../domain/training/networks/describe-network.js';
import { initialWeights } from '../../../domain/training/networks/initial-weights.js';
import type { NetworkChoice } from '../../../domain/training/networks/network.js';
import { adamStart } from '../../../learning/training/adam.js';
import { chooseLoss } from '../../../learning/losses/choose-loss.js';
import { liveTensorCount } from '../support/live-tensor-count.js';
import { trainer, type Trainer } from '../../../learning/training/trainer.js';
import { boxCase, tinyTraining } from '../support/small-problems.js';

function start(network: NetworkChoice, inputShape: Triple, loss: 'ce' | 'sd'): Trainer {
  const weights = initialWeights(describeNetwork(network), [1]);
  const { adam } = tinyTraining;
  return trainer({ network, inputShape, loss: chooseLoss(loss, tinyTraining), adam, start: adamStart(weights) });
}

const networks = (['lr', 'convnet', 'unet'] as const).flatMap((model) =>
  (['same', 'valid'] as const).flatMap((upsampling) =>
    ([2, 3] as const).map((dimensions): NetworkChoice => ({ model, upsampling, dimensions, channels: 2 })),
  ),
);

for (const network of networks) {
  const { model, dimensions, upsampling } = network;
  test(`${model}, ${String(dimensions)}D, ${upsampling}: the number of tensors does not grow over steps`, () => {
    const shape: Triple = dimensions === 2 ? [54, 27, 1] : [27, 27, 27];
    const mask = boxCase(shape, 1, 'mask').label;
    const cases = [boxCase(shape, 2, 'a'), { ...boxCase(shape, 2, 'b'), mask }];
    for (const loss of ['ce', 'sd'] as const) {
      const model = start(network, shape, loss);
      const work = (): void => {
        model.step(cases, 1e-3);
        model.loss(cases);
        model.weights();
        model.state();
      };
      work();
      const before = liveTensorCount();
      for (let i = 0; i < 3; i++) work();
      assert.equal(liveTensorCount(), before);
      model.dispose();
    }
  });
}

test('500 steps of a 2D U-Net need no more tensors than one and 64 MB more memory at most', () => {
  const model = start({ model: 'unet', upsampling: 'same', dimensions: 2, channels: 1 }, [27, 27, 1], 'sd');
  const cases = [boxCase([27, 27, 1], 1, 'a')];
  for (let i = 0; i < 20; i++) model.step(cases, 1e-3);
  const tensors = liveTensorCount();
  const memory = process.memoryUsage().rss;
  for (let i = 0; i < 500; i++) model.step(cases, 1e-3);
  assert.equal(liveTensorCount(), tensors);
  assert.ok(process.memoryUsage().rss - memory < 64 * 2 ** 20);
  model.dispose();
});

test('a case in a batch of two has the loss that it has alone, so the batch has their mean', () => {
  const shape: Triple = [27, 27, 1];
  for (const loss of ['ce', 'sd'] as const) {
    const model = start({ model: 'unet', upsampling: 'same', dimensions: 2, channels: 1 }, shape, loss);
    const [a, b] = [boxCase(shape, 1, 'a'), boxCase(shape, 1, 'b')];
    const mean = (model.loss([a]) + model.loss([b])) / 2;
    assert.ok(Math.abs(model.loss([a, b]) - mean) < 1e-6);
    model.dispose();
  }
});

test('what stands outside the mask has no share in a step', () => {
  const shape: Triple = [27, 27, 1];
  const one = boxCase(shape, 1, 'a');
  const mask = one.label.map((_, index) => (index % 27 < 20 ? 1 : 0));
  const empty = { ...one, mask };
  const full = { ...one, mask, label: one.label.map((value, index) => (index % 27 < 20 ? value : 1)) };
  const weightsAfter = (two: typeof empty): Float32Array => {
    const model = start({ model: 'unet', upsampling: 'same', dimensions: 2, channels: 1 }, shape, 'ce');
    model.step([two], 1e-3);
    const weights = model.weights();
    model.dispose();
    return weights;
  };
  assert.deepEqual(weightsAfter(empty), weightsAfter(full));
});
