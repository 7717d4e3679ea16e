import assert from 'node:assert/strict';
import test from 'node:test';

import { describeNetwork } from '../../../domain/training/networks/describe-network.js';
import { initialWeights } from '../../../domain/training/networks/initial-weights.js';
import type { NetworkChoice } from '../../../domain/training/networks/network.js';
import { parameterLayout } from '../../../domain/training/networks/parameter-layout.js';
import { randomStream } from '../../../domain/random/random-stream.js';
import { networkPass } from '../../../learning/network/network-pass.js';
import { splitParameters } from '../../../learning/network/parameters.js';
import { dispose, floatTensor, readFloats, watched } from '../../../learning/tensorflow/tensorflow.js';
import { liveTensorCount } from '../support/live-tensor-count.js';

const choices: readonly NetworkChoice[] = (['unet', 'convnet', 'lr'] as const).flatMap((model) =>
  ([2, 3] as const).flatMap((dimensions) =>
    (['same', 'valid'] as const).map((upsampling) => ({ model, dimensions, channels: 2, upsampling })),
  ),
);

for (const choice of choices) {
  const { model, dimensions, upsampling } = choice;
  test(`computing values again gives the same bytes: ${model} in ${String(dimensions)}D, ${upsampling}`, () => {
    const network = describeNetwork(choice);
    const edge = upsampling === 'valid' && model === 'unet' ? 54 : 27;
    const shape = [1, ...new Array<number>(dimensions).fill(edge), choice.channels];
    const random = randomStream('sparing');
    const length = shape.reduce((a, b) => a * b, 1);
    const input = floatTensor(
      shape,
      Float32Array.from({ length }, () => random.normal()),
    );
    const weights = initialWeights(network, ['sparing']);
    const flat = floatTensor([weights.length], weights);
    const parameters = splitParameters(flat, parameterLayout(network));

    const run = (kept: number): { values: Float32Array[]; calls: number } => {
      let calls = 0;
      const values = watched(
        () => (calls += 1),
        () => {
          const pass = networkPass(network, kept).forward(parameters, input);
          const output = readFloats(pass.logits);
          const gradients = pass.backward(floatTensor(pass.logits.shape, output));
          const read = [output, ...gradients.map(readFloats)];
          dispose(...gradients);
          return read;
        },
      );
      return { values, calls };
    };
    run(Infinity); // constants of the kernels live on
    const before = liveTensorCount();
    const [keeping, sparing] = [run(Infinity), run(0)];
    assert.deepEqual(sparing.values, keeping.values);
    if (model !== 'lr') assert.ok(sparing.calls > keeping.calls, 'nothing was computed again');
    assert.equal(liveTensorCount(), before, 'tensors are left');
    dispose(input, flat, ...parameters);
  });
}
