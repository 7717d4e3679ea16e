import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { fixturesFolder } from '../../support/paths.js';
import { prepareDataSet } from '../../support/data/prepare-data-set.js';
import { positionMm } from '../../support/images/image-fixtures.js';
import type { PreparedVoxels } from '../../../storage/cases/prepared-cases.js';

const top = mkdtempSync(join(tmpdir(), 'volbias-layouts-'));
after(() => {
  rmSync(top, { recursive: true });
});

const pathOf = (name: string): string => join(fixturesFolder, 'layouts', name);

/**
 * The trees of test/fixtures/layouts: make.py put factor · (200 + x + 2y + 3z) at each position in mm, so after
 * resampling each interior voxel must have that value at its own position, whatever the file's axes. `rounding` is
 * the error of storing integers: half a unit.
 */
function assertPlaces({ grid, images }: PreparedVoxels, interiorMm: readonly [number, number], rounding: number): void {
  const [sizeX, sizeY] = grid.shape;
  let seen = 0;
  images.forEach((values, channel) => {
    for (let i = 0; i < values.length; i++) {
      const voxel = [i % sizeX, Math.floor(i / sizeX) % sizeY, Math.floor(i / (sizeX * sizeY))] as const;
      const [x, y, z] = positionMm(grid.affine, voxel);
      const inside = [x, y].every((mm) => Math.abs(mm) <= interiorMm[0]) && z >= 0 && z <= interiorMm[1];
      if (!inside) continue;
      seen++;
      const expected = (channel + 1) * (200 + x + 2 * y + 3 * z);
      const found = values[i] as number; // inside
      assert.ok(Math.abs(found - expected) <= rounding + 1e-3, `channel ${channel} at ${x},${y},${z}: ${found}`);
    }
  });
  assert.ok(seen > 10 * images.length, `only ${seen} interior voxels`);
}

describe('the layouts of the four data sets, preprocessed as in a sweep', () => {
  it('ISLES 2018: int32, uint16 and float64 volumes of two slices; abutting slabs are one participant', async () => {
    const prepared = await prepareDataSet(join(top, 'isles2018'), {
      kind: 'isles2018',
      path: pathOf('isles2018'),
      modalities: ['CT', 'CBF', 'CBV', 'MTT', 'Tmax'],
      preprocessing: { crop: [8, 8, 8], mask: { modality: 'CT', greaterThan: -23 } },
    });
    const { cases } = prepared.statistics;
    const { warnings } = prepared.scan;
    assert.deepEqual(
      cases.map(({ id, participant }) => [id, participant]),
      [
        ['case_64', 'case_64'],
        ['case_65', 'case_64'],
        ['case_66', 'case_66'],
      ],
    );
    assert.deepEqual(
      warnings?.map(({ warning, cases: ids }) => [/neighbour|two slabs, which/.exec(warning)?.[0], ids]),
      [
        ['neighbour', ['case_64', 'case_65']],
        ['two slabs, which', ['case_66']],
      ],
    );
    const lower = await prepared.voxels('case_64');
    // Two slices of 5 mm are 10 mm: five of 2 mm.
    assert.deepEqual(lower.grid.shape, [8, 8, 5]);
    assertPlaces(lower, [7, 5], 0.5);
    assertPlaces(await prepared.voxels('case_66'), [7, 12], 0.5);
  });

  it('ISLES 2017: VSD and SMIR names, a 5-D series that is ignored, a mask with reversed axes', async () => {
    const prepared = await prepareDataSet(join(top, 'isles2017'), {
      kind: 'isles2017',
      path: pathOf('isles2017'),
      modalities: ['ADC', 'Tmax', 'MTT', 'TTP', 'rCBF', 'rCBV'],
      preprocessing: { crop: [27, 27, 27], spacingMm: 1.5 },
    });
    const [straight, flipped] = [await prepared.voxels('training_1'), await prepared.voxels('training_2')];
    assertPlaces(straight, [4.5, 6.5], 0.5);
    assert.deepEqual(flipped.label, straight.label);
    assert.ok(straight.label.some((value) => value === 1));
  });

  it('BRATS 2018: int16 .nii.gz, three families of ids, labels 0, 1, 2, 4', async () => {
    const dataSet = {
      kind: 'brats',
      path: pathOf('brats2018'),
      modalities: ['FLAIR', 'T1', 'T1ce', 'T2'],
      label: { greaterThan: 0, allowed: [0, 1, 2, 4] },
      // Smoothing repeats edge values, which would bend the ramp next to the edges.
      preprocessing: { crop: [6, 6, 6], antiAlias: 'none' },
    };
    const prepared = await prepareDataSet(join(top, 'brats'), dataSet);
    assert.deepEqual(
      prepared.statistics.cases.map(({ id }) => id),
      ['Brats18_2013_10_1', 'Brats18_CBICA_AAB_1', 'Brats18_TCIA01_203_1'],
    );
    for (const { id, quality } of prepared.statistics.cases) {
      // The box −3…2 × −3…3 × 2…5 mm: 6 × 7 × 4 voxels of 1 mm³.
      assert.equal(quality.structureVoxelsBefore, 168, id);
      assert.ok(Math.abs(quality.volumeBefore - 0.168) < 1e-9);
    }
    assertPlaces(await prepared.voxels('Brats18_CBICA_AAB_1'), [5, 7], 0.5);
    await assert.rejects(
      prepareDataSet(join(top, 'brats-strange'), { ...dataSet, label: { greaterThan: 0, allowed: [0, 1, 2] } }),
      /case "Brats18_CBICA_AAB_1": .*values that are not allowed: 4 \(allowed: 0, 1, 2\)\n.*Brats18_TCIA01_203_1/s,
    );
    await assert.rejects(
      prepareDataSet(join(top, 'brats-no-rule'), { ...dataSet, label: undefined }),
      /case "Brats18_2013_10_1": .*contains the values 0, 1, 2, so it is not a binary mask/,
    );
  });

  it('MOLARS: 8- and 16-bit PNG, a region of interest around the structure, averaged by two', async () => {
    const prepared = await prepareDataSet(join(top, 'molars'), {
      kind: 'folder2d',
      path: pathOf('molars'),
      modalities: ['grey'],
      preprocessing: { roi: { sizePixels: 16, downsample: 2 }, crop: [8, 8] },
    });
    for (const { id, quality } of prepared.statistics.cases) {
      assert.equal(quality.structureVoxelsAfter, 16, id);
      assert.equal(quality.volumeAfter, 0.16, id);
    }
    // The mask's columns 8…15 and rows 6…13 are centred at (11.5, 9.5), so the window begins at (4, 2), and its
    // first block of four pixels has the mean 4·4.5 + 2·2.5.
    const { images } = await prepared.voxels('0001');
    assert.equal(images[0]?.[0], 23);
  });
});
