import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { DomainError } from '../../../domain/domain-error.js';
import { defaultMaxVoxels } from '../../../domain/preprocess/output-size.js';
import { preprocessCase, type RawCase } from '../../../domain/preprocess/preprocess-case.js';
import { configOf } from '../../support/data/prepare-data-set.js';
import { gridOf, imageOf, labelOf } from '../../support/images/image-fixtures.js';

const gridSettings = {
  spacingMm: 2,
  resampling: 'centred',
  labelResampling: 'linear',
  mask: 'none',
  margin: 0,
} as const;

describe('the size of a prepared case', () => {
  const imageAt = (spacing: number): RawCase => {
    const grid = gridOf([64, 64, 64], [spacing, spacing, spacing]);
    const image = imageOf(grid, (x) => x);
    return {
      images: ['T1', 'T2'].map((modality) => ({ modality, source: `${modality}.nii`, image })),
      label: { source: 'mask.nii', map: labelOf(grid, (x) => x > 30) },
      settings: { ...gridSettings, dimensions: 3, crop: [9, 9, 9] },
    };
  };

  it('is limited before anything is allocated, and the message names the file, its spacing and the setting', () => {
    for (const [spacing, shape] of [
      [500, '16000×16000×16000'],
      [1e30, '3.2e+31×3.2e+31×3.2e+31'],
    ] as const) {
      assert.throws(
        () => preprocessCase(imageAt(spacing)),
        (error: DomainError) => {
          assert.equal(error.code, 'FILE_TOO_LARGE');
          assert.ok(error.message.startsWith(`T1.nii: each of 2 new images would have ${shape} voxels`), error.message);
          assert.match(error.message, /at most 134217728 are allowed \(preprocessing\.maxVoxels\)/);
          const last = `a spacing of ${[spacing, spacing, spacing].join('×')} mm; if that is wrong, set overrideSpacingMm`;
          assert.ok(error.message.endsWith(last), error.message);
          return true;
        },
      );
    }
  });

  it('counts all modalities, and the limit is the setting', () => {
    const { settings, ...files } = imageAt(2);
    const voxels = 2 * 64 ** 3;
    assert.equal(preprocessCase({ ...files, settings: { ...settings, maxVoxels: voxels } }).images.length, 2);
    assert.throws(() => preprocessCase({ ...files, settings: { ...settings, maxVoxels: voxels - 1 } }), {
      code: 'FILE_TOO_LARGE',
    });
  });

  it('is limited for a region of interest, too', () => {
    const grid = gridOf([9, 9, 1]);
    const settings = { ...gridSettings, dimensions: 2, crop: [9, 9] } as const;
    const raw: RawCase = {
      images: [{ modality: 'grey', source: 'a.png', image: imageOf(grid, (x) => x) }],
      label: { source: 'mask.png', map: labelOf(grid, (x) => x > 3) },
      settings: { ...settings, roi: { sizePixels: 1e6, downsample: 2 } },
    };
    assert.throws(() => preprocessCase(raw), { code: 'FILE_TOO_LARGE' });
  });

  it('has the same limit in configs and elsewhere', () => {
    assert.equal(
      configOf({ kind: 'nnunet', modalities: ['T1'], path: 'x', preprocessing: { crop: [3, 3, 3] } }).dataSets[0]
        ?.preprocessing.maxVoxels,
      defaultMaxVoxels,
    );
  });
});
