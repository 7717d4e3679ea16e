import { gunzipSync, gzipSync } from 'node:zlib';

import { DomainError } from '../../domain/domain-error.js';
import { encodeNifti, voxelsBegin } from '../../domain/formats/encode-nifti.js';
import { voxelCount, type Grid } from '../../domain/image/grid.js';

/** The probabilities of a prepared case as .nii.gz. */
export function encodePrediction(grid: Grid, values: Float32Array): Uint8Array {
  return gzipSync(encodeNifti({ grid, values }), { level: 1 });
}

/** The probabilities that `encodePrediction` has written for a case of this grid; STORE_CORRUPT for other bytes. */
export function decodePrediction(bytes: Uint8Array, { shape }: Pick<Grid, 'shape'>): Float32Array {
  const expected = voxelsBegin + 4 * voxelCount(shape);
  // A copy, because float32 needs a multiple of four as its offset.
  const voxels = new Uint8Array(inflated(bytes, expected).subarray(voxelsBegin));
  return new Float32Array(voxels.buffer);
}

function inflated(bytes: Uint8Array, expected: number): Uint8Array {
  let fault = '';
  try {
    const found = gunzipSync(bytes, { maxOutputLength: expected });
    if (found.byteLength === expected) return found;
    fault = `${found.byteLength} bytes`;
  } catch (error) {
    fault = String(error);
  }
  throw new DomainError('STORE_CORRUPT', `a prediction should have ${expected} bytes: ${fault}`);
}
