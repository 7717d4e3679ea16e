import assert from 'node:assert/strict';
import test from 'node:test';

import { countedVoxels } from '../../../../domain/preprocess/mask/counted-voxels.js';

test('every voxel counts where the crop lies within an image without a mask', () => {
  assert.equal(countedVoxels({ shape: [5, 4, 3] }, [5, 3, 1]), undefined);
});

test('padding does not count, on whatever side it lies', () => {
  // A row of 2 in a crop of 5: the crop begins ⌊(2 − 5) / 2⌋ = −2, so voxels 2 and 3 are the image.
  assert.deepEqual(countedVoxels({ shape: [2, 1, 1] }, [5, 1, 1]), Uint8Array.of(0, 0, 1, 1, 0));
  // Padded along y alone: of the row of 4, the central 2 in the middle of 3 rows.
  assert.deepEqual(countedVoxels({ shape: [4, 1, 1] }, [2, 3, 1]), Uint8Array.of(0, 0, 1, 1, 0, 0));
});

test('what is outside the mask does not count, with padding or without', () => {
  const mask = Uint8Array.of(0, 1, 1, 0);
  assert.deepEqual(countedVoxels({ shape: [4, 1, 1], mask }, [4, 1, 1]), mask);
  assert.deepEqual(countedVoxels({ shape: [4, 1, 1], mask }, [2, 1, 1]), Uint8Array.of(1, 1));
  assert.deepEqual(countedVoxels({ shape: [4, 1, 1], mask }, [6, 1, 1]), Uint8Array.of(0, 0, 1, 1, 0, 0));
});
