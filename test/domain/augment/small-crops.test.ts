import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { trainingSchema } from '../../../configs/training-schema.js';
import { augmentCase, type AugmentableCase } from '../../../domain/augment/augment-case.js';
import type { AugmentationSettings } from '../../../domain/augment/augmentation-settings.js';
import { withMovement } from '../../../domain/augment/automatic-movement.js';
import { StructureLeft } from '../../../domain/augment/structure-left.js';
import { voxelCount, type Triple } from '../../../domain/image/grid.js';
import { centralCrop } from '../../../domain/preprocess/crop.js';
import { resampleImage } from '../../../domain/preprocess/resample.js';
import { resampleLabel } from '../../../domain/preprocess/mask/resample-label.js';
import { randomStream } from '../../../domain/random/random-stream.js';
import { readOneImage } from '../../../storage/images/image-files.js';
import { fixturesFolder } from '../../support/paths.js';

const defaults = trainingSchema.parse({ augmentation: {} }).augmentation as AugmentationSettings;
const crop: Triple = [27, 27, 27];

/** The ten hippocampi as networks with the smallest crop of the U-Net see them. */
async function hippocampi(): Promise<AugmentableCase[]> {
  const folder = join(fixturesFolder, 'hippocampus');
  const settings = { spacingMm: 2, resampling: 'centred', labelResampling: 'volumePreserving' } as const;
  return Promise.all(
    readdirSync(join(folder, 'imagesTr')).map(async (name) => {
      const image = resampleImage(await readOneImage(join(folder, 'imagesTr', name)), settings);
      const stored = await readOneImage(join(folder, 'labelsTr', name));
      const mask = { grid: stored.grid, values: Uint8Array.from(stored.values, (value) => (value > 0 ? 1 : 0)) };
      const label = resampleLabel(mask, settings);
      const { shape } = image.grid;
      return {
        shape: crop,
        images: [centralCrop({ values: image.values, shape }, crop)],
        label: centralCrop({ values: label.values as Uint8Array, shape }, crop),
      };
    }),
  );
}

describe('augmentation of a small crop', () => {
  it('by default keeps the structure in it, and a shift of 5 voxels does not, which is a warning', async () => {
    const cases = await hippocampi();
    const leftWith = (settings: AugmentationSettings): StructureLeft => {
      const left = new StructureLeft();
      for (let epoch = 1; epoch <= 10; epoch++)
        for (const [index, one] of cases.entries())
          left.add(one, augmentCase(one, settings, randomStream('small', epoch, index)));
      return left;
    };
    assert.equal(leftWith(defaults).warning(), undefined);
    const warning = /left less than half of the structure in (\d+) of 100 cases .*translationVoxels/;
    const [, lost] = warning.exec(leftWith({ ...defaults, translationVoxels: 9 }).warning() ?? '') ?? [];
    assert.ok(Number(lost) > 5, lost);
  });

  it('moves in proportion to the shortest edge, up to the values for 108 voxels', () => {
    const settled = (...shape: Triple) => {
      const { translationVoxels, elastic } = withMovement(defaults, shape);
      return [translationVoxels, elastic];
    };
    const full = [5, { gridSpacingVoxels: 30, shiftVoxels: [1, 3], smoothingVoxels: 6 }];
    assert.deepEqual(settled(162, 162, 108), full);
    assert.deepEqual(settled(243, 243, 1), full);
    assert.deepEqual(settled(81, 27, 54), [
      1.25,
      { gridSpacingVoxels: 7.5, shiftVoxels: [0.25, 0.75], smoothingVoxels: 1.5 },
    ]);
    const given = { ...defaults, translationVoxels: 5, elastic: 'none' } as const;
    assert.deepEqual(withMovement(given, crop), given);
  });

  it('has no structure to lose in a case without any', () => {
    const left = new StructureLeft();
    const empty = { shape: crop, images: [], label: new Uint8Array(voxelCount(crop)) };
    left.add(empty, empty);
    assert.equal(left.warning(), undefined);
  });
});
