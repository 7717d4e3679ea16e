import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { segmentationOf } from '../../../../domain/evaluate/segmentation/stored-segmentation.js';
import type { LabelRule } from '../../../../domain/preprocess/mask/structure-of.js';
import { gridOf } from '../../../support/images/image-fixtures.js';

const grid = gridOf([3, 1, 1]);
const read = (values: Float32Array | Uint8Array, rule?: LabelRule): ReturnType<typeof segmentationOf> =>
  segmentationOf({ grid, values }, { source: 'a.nii', rule });

describe('segmentationOf', () => {
  it('takes whole numbers for a mask, and others for probabilities', () => {
    assert.deepEqual(read(Float32Array.of(0, 4, 0)), { kind: 'mask', grid, values: Uint8Array.of(0, 1, 0) });
    assert.deepEqual(read(Float32Array.of(0, 0.25, 1)), { kind: 'map', grid, values: Float32Array.of(0, 0.25, 1) });
  });

  it('selects labels of masks, not of maps', () => {
    assert.deepEqual([...read(Uint8Array.of(1, 2, 4), { greaterThan: 1 }).values], [0, 1, 1]);
    assert.deepEqual([...read(Uint8Array.of(1, 2, 4), { anyOf: [1, 4] }).values], [1, 0, 1]);
    assert.deepEqual([...read(Float32Array.of(0, 0.25, 1), { greaterThan: 1 }).values], [0, 0.25, 1]);
    assert.throws(() => read(Uint8Array.of(1, 2, 4)), { code: 'LABEL_INVALID', message: /^a\.nii: .* 1, 2, 4/ });
  });

  it('brings back what rounding has carried beyond 0 and 1, and refuses what lies farther outside', () => {
    const { values } = read(Float32Array.of(-1e-7, 0.5, 1 + 1e-6 / 2));
    assert.deepEqual([...values], [0, 0.5, 1]);
    for (const logit of [-0.5, 1.5]) {
      assert.throws(() => read(Float32Array.of(0, 0.5, logit)), {
        code: 'IMAGE_VALUES_INVALID',
        message: /^a\.nii: its values go from .*; expected probabilities from 0 to 1, or a mask of whole numbers$/,
      });
    }
  });
});
