import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { LabelMap, StoredImage } from '../../../domain/image/grid.js';
import {
  preprocessCase,
  type PreparedCase,
  type PreprocessSettings,
} from '../../../domain/preprocess/preprocess-case.js';
import { gridOf, imageOf, labelOf } from '../../support/images/image-fixtures.js';

const settings: PreprocessSettings = {
  ...{ spacingMm: 2, resampling: 'centred', labelResampling: 'volumePreserving', mask: 'none' },
  ...{ dimensions: 3, crop: [4, 4, 4], margin: 0 },
};

/** Voxels of 1 mm, whose origin is so many mm off along x. */
const gridAt = (offsetMm: number) =>
  gridOf(
    [8, 8, 8],
    [1, 1, 1],
    [
      [1, 0, 0, offsetMm],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ],
  );
const imageAt = (offsetMm: number): StoredImage => imageOf(gridAt(offsetMm), (x, y, z) => x + 10 * y + 100 * z);
const maskAt = (offsetMm: number): LabelMap => labelOf(gridAt(offsetMm), (x) => x < 4);

function prepare(images: readonly StoredImage[], map: LabelMap, more: Partial<PreprocessSettings> = {}): PreparedCase {
  return preprocessCase({
    images: images.map((image, index) => ({ modality: `M${index}`, source: `m${index}.nii`, image })),
    label: { source: 'mask.nii', map },
    settings: { ...settings, ...more },
  });
}

describe('files of a case whose origins differ by less than a voxel', () => {
  const same = prepare([imageAt(0), imageAt(0)], maskAt(0));

  it('are on one grid within the tolerance, by default 0.1 of a voxel edge; what is more than rounding is recorded', () => {
    assert.equal(same.quality.shifted, undefined);
    const { quality, ...prepared } = prepare([imageAt(0), imageAt(0.09)], maskAt(-0.08));
    const { quality: unshifted, ...expected } = same;
    assert.deepEqual(prepared, expected);
    const shifted = [
      { of: 'M1', distanceMm: 0.09 },
      { of: 'mask', distanceMm: 0.08 },
    ];
    assert.deepEqual(quality, { ...unshifted, shifted });
  });

  it('are an error beyond it, with the distance and the setting', () => {
    assert.throws(() => prepare([imageAt(0), imageAt(0.4)], maskAt(0)), {
      code: 'IMAGE_GEOMETRY_MISMATCH',
      message:
        /^m1\.nii .* do not share the same voxel grid: their voxels are up to 0\.4 mm apart, 0\.4 of a voxel edge, and the data set's gridToleranceVoxels is 0\.1; preprocessing\.align: toFirst /,
    });
    assert.throws(() => prepare([imageAt(0)], maskAt(0.4)), {
      code: 'IMAGE_GEOMETRY_MISMATCH',
      message: /^mask\.nii .* gridToleranceVoxels is 0\.1; "volbias resample MASK OUT --mask --like IMAGE" brings/,
    });
  });

  it('are on one grid with a tolerance of just the distance that the error names, in single precision too', () => {
    const offset = Math.fround(0.4);
    assert.ok(offset > 0.4);
    const prepared = prepare([imageAt(0), imageAt(offset)], maskAt(offset), { gridToleranceVoxels: 0.4 });
    assert.deepEqual(prepared.images, same.images);
    assert.deepEqual(prepared.label, same.label);
  });

  it('are interpolated only beyond it', () => {
    const aligned = (offset: number) =>
      prepare([imageAt(0), imageAt(offset)], maskAt(0), { align: 'toFirst' }).quality.aligned?.map(
        ({ modality }) => modality,
      );
    assert.equal(aligned(0.1), undefined);
    assert.deepEqual(aligned(0.2), ['M1']);
  });
});
