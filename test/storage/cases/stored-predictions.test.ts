import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';

import { decodePrediction, encodePrediction } from '../../../storage/cases/stored-predictions.js';
import { gridOf } from '../../support/images/image-fixtures.js';

const grid = gridOf([4, 3, 2]);
const values = Float32Array.from({ length: 24 }, (_, index) => index / 23);

describe('stored predictions', () => {
  it('are read as they were written', () => {
    assert.deepEqual(decodePrediction(encodePrediction(grid, values), grid), values);
  });

  it('that are cut, longer or of another grid are refused as corrupt', () => {
    const bytes = encodePrediction(grid, values);
    const inside = gunzipSync(bytes);
    for (const damaged of [
      bytes.subarray(0, bytes.byteLength - 9),
      Buffer.from('no gzip'),
      gzipSync(inside.subarray(0, inside.byteLength - 4)),
      gzipSync(Buffer.concat([inside, Buffer.alloc(4)])),
      encodePrediction(gridOf([4, 3, 3]), new Float32Array(36)),
    ]) {
      assert.throws(() => decodePrediction(damaged, grid), { code: 'STORE_CORRUPT' });
    }
  });
});
