import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { operationsPerImage } from '../../../../domain/training/networks/arithmetic.js';
import { describeNetwork } from '../../../../domain/training/networks/describe-network.js';

describe('the arithmetic of a network for one image', () => {
  it('is a multiplication and an addition for each weight and voxel', () => {
    const lr = describeNetwork({ model: 'lr', dimensions: 3, channels: 4, upsampling: 'same' });
    assert.equal(operationsPerImage(lr, [5, 6, 7]), 2 * 4 * 210);
  });

  it('counts each level of a ConvNet at its own size', () => {
    // Table of the paper's network: 10, 20 | 20, 40, 40, 20 a third as wide | 20, 10, then one logit.
    const convnet = describeNetwork({ model: 'convnet', dimensions: 2, channels: 1, upsampling: 'same' });
    const top = 9 * (1 * 10 + 10 * 20 + (20 + 20) * 20 + 20 * 10) + 10;
    const bottom = 9 * (20 * 20 + 20 * 40 + 40 * 40 + 40 * 20);
    assert.equal(operationsPerImage(convnet, [27, 27, 1]), 2 * (729 * top + 81 * bottom));
  });
});
