import assert from 'node:assert/strict';
import test from 'node:test';

import type { Triple } from '../../../domain/image/grid.js';
import { describeNetwork } from '../../../domain/training/networks/describe-network.js';
import { initialWeights } from '../../../domain/training/networks/initial-weights.js';
import type { NetworkChoice } from '../../../domain/training/networks/network.js';
import { chooseLoss } from '../../../learning/losses/choose-loss.js';
import { dispose, readFloats } from '../../../learning/tensorflow/tensorflow.js';
import { adamStart } from '../../../learning/training/adam.js';
import { inputTensor, truthTensors, type BatchGeometry } from '../../../learning/training/batch.js';
import { trainer } from '../../../learning/training/trainer.js';
import { boxCase, tinyTraining } from '../support/small-problems.js';

// TensorFlow shares the memory of arrays that happen to be aligned, so some of many sizes.
const shapes = Array.from({ length: 40 }, (_, index): Triple => [27 + index, 27, 1]);
const network: NetworkChoice = { model: 'lr', dimensions: 2, channels: 2, upsampling: 'same' };

test('the tensors of one batch do not change those of another', () => {
  const batches = shapes.map((shape) => {
    const geometry: BatchGeometry = { network, inputShape: shape, outputShape: shape };
    const one = boxCase(shape, 2, String(shape[0]));
    const { truth } = truthTensors([one], geometry);
    return { one, truth, input: inputTensor([one], geometry) };
  });
  for (const { one, truth, input } of batches) {
    const interleaved = Float32Array.from(
      { length: 2 * one.label.length },
      (_, place) => one.images[place % 2]?.[Math.floor(place / 2)] ?? NaN,
    );
    assert.deepEqual(readFloats(input), interleaved);
    assert.deepEqual(readFloats(truth), Float32Array.from(one.label));
    dispose(input, truth);
  }
});

test('a training does not change the state that it starts from', () => {
  for (const channels of shapes.keys()) {
    const choice: NetworkChoice = { ...network, model: 'convnet', channels: channels + 1 };
    const shape: Triple = [9, 9, 1];
    const start = adamStart(initialWeights(describeNetwork(choice), ['start']));
    const before = structuredClone(start);
    const loss = chooseLoss('ce', tinyTraining);
    const model = trainer({ network: choice, inputShape: shape, loss, adam: tinyTraining.adam, start });
    for (let step = 0; step < 2; step++) model.step([boxCase(shape, channels + 1, 'a')], 1e-2);
    assert.notDeepEqual(model.weights(), start.weights);
    assert.deepEqual(start, before, `${String(start.weights.length)} parameters`);
    model.dispose();
  }
});
