import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { greyLevels, intensityWindow, openShare } from '../../../../domain/report/gallery/grey-levels.js';
import { randomStream, shuffled } from '../../../../domain/random/random-stream.js';

describe('grey levels', () => {
  it('leave out the half percent of darkest and of brightest voxels', () => {
    // 0 to 1000, each once: the percentiles are 5 and 995.
    const values = shuffled(
      Array.from({ length: 1001 }, (_, index) => index),
      randomStream(1),
    );
    assert.deepEqual(intensityWindow(values), [5, 995]);
    values[values.indexOf(1000)] = 1e9;
    assert.deepEqual(intensityWindow(values), [5, 995]);
  });

  it('of an image of one value are black', () => {
    const flat = new Float32Array(9).fill(7);
    assert.deepEqual([...greyLevels(flat, intensityWindow(flat))], Array(9).fill(0));
  });

  it('run from black to white between the window’s ends, and stay there beyond', () => {
    const values = Float32Array.of(-10, 2, 3, 4, 6, 99);
    assert.deepEqual([...greyLevels(values, [2, 6])], [0, 0, 64, 128, 255, 255]);
  });
});

it('the open share is of the probabilities from 0.1, of which those up to 0.9 are open', () => {
  assert.equal(openShare(Float32Array.of(0, 0.09, 0.11, 0.5, 0.89, 0.91, 1)), 3 / 5);
  assert.equal(openShare(Float32Array.of(0, 0.05)), 0);
});
