import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fittingCrop } from '../../../../domain/training/networks/fitting-crop.js';
import type { NetworkChoice } from '../../../../domain/training/networks/network.js';
import { outputShape } from '../../../../domain/training/networks/node-shapes.js';

const chosen = (upsampling: NetworkChoice['upsampling'], ...models: NetworkChoice['model'][]): NetworkChoice[] =>
  models.map((model) => ({ model, dimensions: 3, channels: 1, upsampling }));

/** Along one axis. */
const fittingSize = (length: number, networks: readonly NetworkChoice[]): number =>
  fittingCrop([[length]], networks, 3)[0];

describe('the smallest fitting crop', () => {
  it('is the next multiple that all networks take', () => {
    const sizes = [chosen('same', 'lr'), chosen('same', 'lr', 'convnet'), chosen('same', 'convnet', 'unet')];
    assert.deepEqual(
      sizes.map((networks) => [1, 100, 108].map((length) => fittingSize(length, networks))),
      [
        [1, 100, 108],
        [3, 102, 108],
        [27, 108, 108],
      ],
    );
  });

  it('is enough and no larger than it must be, whatever the up-sampling', () => {
    for (const upsampling of ['same', 'valid'] as const) {
      for (const model of ['lr', 'convnet', 'unet'] as const) {
        const [network] = chosen(upsampling, model) as [NetworkChoice];
        const predicted = (size: number): number => outputShape(network, [size, size, size])[0];
        for (const length of [1, 26, 27, 28, 80, 136, 137]) {
          const size = fittingSize(length, [network]);
          assert.ok(predicted(size) >= length, `${upsampling} ${model} ${length}: ${size}`);
          for (let smaller = size - 1; smaller > 0; smaller--) {
            let less = 0;
            try {
              less = predicted(smaller);
            } catch {
              continue; // no network takes it
            }
            assert.ok(less < length, `${upsampling} ${model} ${length}: ${smaller} would do`);
          }
        }
      }
    }
  });
});
