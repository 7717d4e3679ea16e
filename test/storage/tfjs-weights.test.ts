import assert from 'node:assert/strict';
import test from 'node:test';

import { io } from '@tensorflow/tfjs-node-gpu';

import { DomainError } from '../../domain/domain-error.js';
import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import { initialWeights } from '../../domain/training/networks/initial-weights.js';
import type { NetworkChoice } from '../../domain/training/networks/network.js';
import { parameterLayout } from '../../domain/training/networks/parameter-layout.js';
import { encodeWeights } from '../../learning/weights-file.js';
import { tfjsWeights } from '../../storage/tfjs-weights.js';

for (const dimensions of [2, 3] as const) {
  test(`TensorFlow.js itself loads the exported weights of a ${String(dimensions)}D U-Net, each with its name, shape and values`, async () => {
    const network: NetworkChoice = { model: 'unet', dimensions, channels: 2, upsampling: 'same' };
    const weights = initialWeights(describeNetwork(network), [5]);
    const { model, data } = tfjsWeights(encodeWeights({ network, weights }), 'weights.bin');
    const load = io.weightsLoaderFactory((paths) => {
      assert.deepEqual(paths, ['folder/weights.bin']);
      return Promise.resolve(paths.map(() => data.slice().buffer));
    });
    const manifest = JSON.parse(JSON.stringify(model.weightsManifest)) as Parameters<typeof load>[0];
    const loaded = await load(manifest, 'folder/');
    const layout = parameterLayout(describeNetwork(network));
    assert.deepEqual(
      Object.keys(loaded),
      layout.map(({ name }) => name),
    );
    for (const { name, shape, offset, size } of layout) {
      const tensor = loaded[name];
      assert.ok(tensor !== undefined);
      assert.deepEqual(tensor.shape, shape);
      assert.deepEqual(await tensor.data(), weights.slice(offset, offset + size));
      tensor.dispose();
    }
    assert.equal(model.userDefinedMetadata['model'], 'unet');
  });
}

test('what is no safetensors file is refused', () => {
  for (const bytes of [new Uint8Array(3), new Uint8Array(20).fill(255)]) {
    assert.throws(
      () => tfjsWeights(bytes, 'weights.bin'),
      (error) => error instanceof DomainError && error.code === 'FILE_FORMAT_INVALID',
    );
  }
});
