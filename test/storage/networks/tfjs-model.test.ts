import assert from 'node:assert/strict';
import test from 'node:test';

import * as tf from '@tensorflow/tfjs-node-gpu';

import { DomainError } from '../../../domain/domain-error.js';
import { kerasModel } from '../../../domain/formats/keras-layers.js';
import type { Triple } from '../../../domain/image/grid.js';
import { describeNetwork } from '../../../domain/training/networks/describe-network.js';
import { initialWeights } from '../../../domain/training/networks/initial-weights.js';
import type { NetworkChoice } from '../../../domain/training/networks/network.js';
import { outputShape } from '../../../domain/training/networks/node-shapes.js';
import { predict } from '../../learning/support/predict.js';
import { encodeWeights } from '../../../learning/network/weights-file.js';
import { tfjsModel } from '../../../storage/networks/tfjs-model.js';
import { boxCase } from '../../learning/support/small-problems.js';

/** Loads the exported network in TensorFlow.js from its two files, for an image with unequal sides. */
async function predictedByTfjs(network: NetworkChoice, weights: Float32Array, shape: Triple): Promise<Float32Array> {
  const { model, data } = tfjsModel(encodeWeights({ network, weights }), { dataPath: 'w.bin', inputShape: shape });
  const { modelTopology, weightsManifest } = JSON.parse(JSON.stringify(model)) as {
    modelTopology: object;
    weightsManifest: { weights: Parameters<typeof tf.io.decodeWeights>[1] }[];
  };
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  const weightData = Uint8Array.from(data).buffer;
  const loaded = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  const [x, y, z] = shape;
  const { images } = boxCase(shape, network.channels, 'a');
  const interleaved = Float32Array.from({ length: x * y * z * images.length }, (_, i) => {
    return images[i % images.length]?.[Math.floor(i / images.length)] as number;
  });
  const sizes = network.dimensions === 2 ? [y, x] : [z, y, x];
  const output = loaded.predict(tf.tensor(interleaved, [1, ...sizes, images.length])) as tf.Tensor;
  const [outX, outY, outZ] = outputShape(network, shape);
  assert.deepEqual(output.shape, [1, ...(network.dimensions === 2 ? [outY, outX] : [outZ, outY, outX]), 1]);
  return (await output.data()) as Float32Array;
}

const networks = (['lr', 'convnet', 'unet'] as const).flatMap((model) =>
  ([2, 3] as const).flatMap((dimensions) =>
    (['same', 'valid'] as const).map((upsampling): NetworkChoice => ({ model, dimensions, channels: 2, upsampling })),
  ),
);

for (const network of networks) {
  const { model, dimensions, upsampling } = network;
  test(`TensorFlow.js loads an exported ${model} in ${String(dimensions)}D, ${upsampling}, and predicts the same`, async () => {
    const shape: Triple = dimensions === 2 ? [54, 81, 1] : [54, 27, 27];
    const weights = initialWeights(describeNetwork(network), [5]);
    const expected = predict({ network, weights }, boxCase(shape, 2, 'a')).values;
    const actual = await predictedByTfjs(network, weights, shape);
    assert.equal(actual.length, expected.length);
    assert.ok(new Set(expected).size > expected.length / 2, 'a prediction that varies');
    expected.forEach((value, i) => {
      assert.ok(Math.abs((actual[i] as number) - value) <= 1e-5, `voxel ${String(i)}`);
    });
  });
}

test('its plain JavaScript backend, which has its own kernels, predicts the same too', async () => {
  await tf.setBackend('cpu');
  try {
    for (const network of networks.filter(({ model }) => model === 'convnet')) {
      const shape: Triple = network.dimensions === 2 ? [54, 30, 1] : [30, 27, 30];
      const weights = initialWeights(describeNetwork(network), [6]);
      const expected = predict({ network, weights }, boxCase(shape, 2, 'a')).values;
      const actual = await predictedByTfjs(network, weights, shape);
      expected.forEach((value, i) => {
        assert.ok(Math.abs((actual[i] as number) - value) <= 1e-5, `voxel ${String(i)}`);
      });
    }
  } finally {
    await tf.setBackend('tensorflow');
  }
});

test('there is no model for a size that does not fit the network', () => {
  assert.throws(
    () => kerasModel({ model: 'unet', dimensions: 2, channels: 1, upsampling: 'same' }, [40, 54, 1]),
    (error) => error instanceof DomainError && error.code === 'CONFIG_INVALID',
  );
});

test('a file that is not safetensors is refused', () => {
  for (const bytes of [new Uint8Array(3), new Uint8Array(20).fill(255)]) {
    assert.throws(
      () => tfjsModel(bytes, { dataPath: 'weights.bin', inputShape: [27, 27, 1] }),
      (error) => error instanceof DomainError && error.code === 'FILE_FORMAT_INVALID',
    );
  }
});
