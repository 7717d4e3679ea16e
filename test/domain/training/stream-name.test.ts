import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { epochBatches } from '../../../domain/training/epoch-order.js';
import { initialWeights } from '../../../domain/training/networks/initial-weights.js';
import { describeNetwork } from '../../../domain/training/networks/describe-network.js';
import { trainingStreamName } from '../../../domain/training/stream-name.js';

const training = { seed: 7, dataSet: 'lesions', fold: 2 };

describe("the streams of a training's repeats", () => {
  it('are those without repeats for the first', () => {
    assert.deepEqual(trainingStreamName({ ...training, repeat: 0 }), [7, 'lesions', 2]);
  });

  it('give each further repeat its own initial weights and case order', () => {
    const network = describeNetwork({ model: 'lr', dimensions: 2, channels: 3, upsampling: 'same' });
    const cases = Array.from({ length: 12 }, (_, index) => index);
    const draws = [0, 1, 2].map((repeat) => {
      const streamName = trainingStreamName({ ...training, repeat });
      return [
        JSON.stringify([...initialWeights(network, streamName)]),
        JSON.stringify(epochBatches(cases, { streamName, epoch: 1, batchSize: 4 })),
      ];
    });
    for (const part of [0, 1]) assert.equal(new Set(draws.map((draw) => draw[part])).size, 3);
  });
});
