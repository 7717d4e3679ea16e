import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { positionMm } from '../../support/images/image-fixtures.js';
import { voxelCount, type Grid } from '../../../domain/image/grid.js';
import { preprocessCase } from '../../../domain/preprocess/preprocess-case.js';
import { resampleImage } from '../../../domain/preprocess/resample.js';
import { inspectFile } from '../../../storage/images/inspect-file.js';
import { readOneImage } from '../../../storage/images/image-files.js';
import { assertEnded, runCommandLine } from '../../support/command-line.js';
import { fixture } from '../../support/images/image-files.js';
import { imageOf, imageReference } from '../../support/images/image-fixtures.js';

interface Geometry {
  readonly zooms: readonly number[];
  readonly voxelVolumeMm3: number;
  readonly shearDegrees: number;
  readonly formsApartMm: number | null;
}

// test/fixtures/images/make_geometry.py wrote the files, and what numpy computes from the affines that nibabel reads.
const references = imageReference<Geometry>('geometry.json');

describe('the geometry of a file', () => {
  for (const [name, reference] of Object.entries(references)) {
    it(`is nibabel's: voxel volume, shear, and the distance between sform and qform of ${name}`, async () => {
      const found = await inspectFile(fixture(name));
      assert.ok(Math.abs((found.voxelVolumeMm3 ?? NaN) / reference.voxelVolumeMm3 - 1) < 1e-12);
      assert.ok(Math.abs((found.shearDegrees ?? NaN) - reference.shearDegrees) < 1e-5);
      if (reference.formsApartMm === null) assert.equal(found.formsApartMm, null);
      else assert.ok(Math.abs((found.formsApartMm ?? NaN) - reference.formsApartMm) < 1e-5);
    });
  }

  it('is said in words where it is unusual, and only there', async () => {
    const lines = async (name: string): Promise<string> => {
      const result = await runCommandLine(['inspect', fixture(name)]);
      assertEnded(result, 0);
      return result.output;
    };
    assert.match(
      await lines('gantry-tilt.nii'),
      /voxel volume in mm³ +│ 1\.17462 .*shear +│ 20\.00°: the axes are not/s,
    );
    const apart = await lines('forms-apart.nii');
    assert.match(apart, /sform and qform +│ contradict each other by 56\.8 mm; the sform is used/);
    assert.doesNotMatch(apart, /shear/);
    assert.doesNotMatch(await lines('forms-close.nii'), /contradict|shear/);
  });
});

describe('a sheared grid', () => {
  const sheared = Object.entries(references).filter(([, { shearDegrees }]) => shearDegrees > 1);

  for (const [name, { voxelVolumeMm3, zooms }] of sheared) {
    it(`has |det| as voxel volume when a case is prepared, before and after resampling (${name})`, async () => {
      const image = await readOneImage(fixture(name));
      const map = { grid: image.grid, values: new Uint8Array(image.values.length).fill(1) };
      const spacingMm = 1.25;
      const { quality, grid } = preprocessCase({
        images: [{ modality: 'CT', source: name, image }],
        label: { source: name, map },
        settings: {
          ...{ spacingMm, resampling: 'centred', labelResampling: 'linear', dimensions: 3 },
          ...{ mask: 'none', crop: [9, 9, 9], margin: 0 },
        },
      });
      const before = (voxelVolumeMm3 * image.values.length) / 1000;
      assert.ok(Math.abs(quality.volumeBefore / before - 1) < 1e-9);
      // All of the new grid is structure. Its voxels shrink with the product of the steps; zooms are single precision.
      const shrunk = voxelVolumeMm3 * zooms.reduce((product, zoom) => product * (spacingMm / zoom), 1);
      const after = (shrunk * voxelCount(grid.shape)) / 1000;
      assert.ok(Math.abs(quality.volumeAfter / after - 1) < 1e-6);
    });

    it(`is resampled through its affine: a ramp in space stays the same ramp (${name})`, async () => {
      const { grid } = await readOneImage(fixture(name));
      const ramp = (own: Grid, at: readonly [number, number, number]): number => {
        const [x, y, z] = positionMm(own.affine, at);
        return 3 * x - 2 * y + 0.5 * z;
      };
      const image = imageOf(grid, (x, y, z) => ramp(grid, [x, y, z]));
      const resampled = resampleImage(image, { spacingMm: 2.5, resampling: 'scipyZoom' });
      const expected = imageOf(resampled.grid, (x, y, z) => ramp(resampled.grid, [x, y, z]));
      const scale = Math.max(...expected.values.map(Math.abs));
      resampled.values.forEach((value, index) => {
        assert.ok(Math.abs(value - (expected.values[index] ?? NaN)) < 1e-6 * scale);
      });
    });
  }
});
