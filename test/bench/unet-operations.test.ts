import assert from 'node:assert/strict';
import test from 'node:test';

import { describeNetwork } from '../../domain/training/networks/describe-network.js';
import { networkOperations } from './unet-operations.js';

test('the operations of a step are those of its convolutions, without the gradient of the images', () => {
  // One 1-wide convolution from two channels into one: 2 · 2 for each of 9 × 9 voxels, forward and for the kernel.
  const logistic = describeNetwork({ model: 'lr', dimensions: 2, channels: 2, upsampling: 'same' });
  assert.deepEqual(networkOperations(logistic, [9, 9, 1]), { forward: 4 * 81, step: 2 * 4 * 81 });
});

test("the operations of the paper's U-Net at 54 × 54 add up level by level", () => {
  // Channels in and out of the 3-wide convolutions of each level, from the top; skips are joined with what comes up.
  const levels: readonly (readonly (readonly [number, number])[])[] = [
    [[1, 10], [10, 20], [40, 20], [20, 10]], // prettier-ignore
    [[20, 20], [20, 40], [80, 40], [40, 20]], // prettier-ignore
    [[40, 40], [40, 80], [100, 80], [80, 40]], // prettier-ignore
    [[80, 40], [40, 20]], // prettier-ignore
  ];
  const convolutions = levels.map((level, depth) =>
    level.reduce((sum, [inputs, outputs]) => sum + 2 * 9 * inputs * outputs * (54 / 3 ** depth) ** 2, 0),
  );
  const forward = convolutions.reduce((a, b) => a + b, 0) + 2 * 10 * 54 ** 2; // the logits are 1-wide
  const unet = describeNetwork({ model: 'unet', dimensions: 2, channels: 1, upsampling: 'same' });
  const first = 2 * 9 * 10 * 54 ** 2;
  assert.deepEqual(networkOperations(unet, [54, 54, 1]), { forward, step: 3 * forward - first });
});
