import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { readImage } from '../../../storage/images/image-files.js';
import { inspectFile } from '../../../storage/images/inspect-file.js';
import { damaged } from '../../support/images/image-files.js';
import { largestDifference } from '../../support/images/image-fixtures.js';
import { fixturesFolder } from '../../support/paths.js';

interface Reference {
  readonly shape: readonly number[];
  readonly affine: readonly (readonly number[])[];
  readonly channels: readonly (readonly number[])[];
}

const formats = join(fixturesFolder, 'formats');
const references = JSON.parse(readFileSync(join(formats, 'formats.json'), 'utf8')) as Record<string, Reference>;

describe('NRRD, MetaImage and MGH files that SimpleITK or nibabel has read (test/fixtures/formats/make.py)', () => {
  for (const [name, reference] of Object.entries(references)) {
    it(`${name} has their grid and, as float32, their values`, async () => {
      const images = await readImage(join(formats, name));
      assert.equal(images.length, reference.channels.length);
      for (const [index, { grid, values }] of images.entries()) {
        assert.deepEqual(grid.shape, reference.shape);
        assert.ok(largestDifference(grid.affine.flat(), reference.affine.flat()) < 1e-12, String(grid.affine));
        assert.deepEqual([...values], reference.channels[index]?.map(Math.fround));
      }
    });
  }

  it('units of length in an NRRD header become mm, which SimpleITK ignores', async () => {
    const text = readFileSync(join(formats, 'lps.nrrd'), 'latin1');
    const spacing = async (units: string): Promise<readonly number[]> => {
      const bytes = Buffer.from(text.replace('kinds:', `space units: ${units}\nkinds:`), 'latin1');
      const [image] = await readImage(damaged('units.nrrd', bytes));
      return [...(image?.grid.spacingMm ?? []), image?.grid.affine[2][3] ?? NaN];
    };
    // make.py: spacing 1.5, 2, 3.25 and z = 100 at the origin.
    for (const [units, factor] of [
      ['"mm" "mm" "mm"', 1],
      ['"cm" "cm" "cm"', 10],
      ['"um" "um" "um"', 0.001],
    ] as const) {
      const expected = [1.5, 2, 3.25, 100].map((length) => length * factor);
      assert.ok(largestDifference(await spacing(units), expected) < 1e-12 * factor * 100);
    }
    await assert.rejects(spacing('"mm" "mm" "cm"'), /units are mm, cm; expected/);
  });

  it('one channel is read alone, whether channels are interleaved or whole images', async () => {
    for (const name of ['vector.nrrd', 'vector.mha', 'time.nrrd', 'frames.mgz', 'layers-last.nrrd']) {
      const all = await readImage(join(formats, name));
      assert.deepEqual(await readImage(join(formats, name), { channel: 1 }), [all[1]]);
      await assert.rejects(readImage(join(formats, name), { channel: all.length }), { code: 'ARGUMENT_INVALID' });
    }
  });

  it('a sheared grid has |det| as the volume of a voxel, and is remarked on, like an improbable spacing', async () => {
    // Columns (2, 0, 0), (0, 3, 0) and (0, 2, 2): |det| = 12, and 45° between the last two, whose lengths are 3 and √8.
    const header = (third: string): string =>
      `NRRD0004\ntype: uchar\ndimension: 3\nspace: RAS\nsizes: 2 1 1\nspace directions: (2,0,0) (0,3,0) ${third}\nencoding: raw\n\n`;
    const file = (name: string, third: string): string =>
      damaged(name, Buffer.concat([Buffer.from(header(third)), Uint8Array.of(0, 1)]));
    const sheared = file('sheared.nrrd', '(0,2,2)');
    const found = await inspectFile(sheared);
    assert.ok(Math.abs((found.voxelVolumeMm3 ?? NaN) - 12) < 1e-12);
    assert.ok(Math.abs((found.shearDegrees ?? NaN) - 45) < 1e-12);
    assert.ok(Math.abs((found.maskValues?.[1]?.volumeMl ?? NaN) - 0.012) < 1e-15);
    const remarks = async (path: string): Promise<string[]> => {
      const list: string[] = [];
      await readImage(path, { onRemark: (remark) => list.push(remark) });
      return list;
    };
    assert.deepEqual(await remarks(sheared), ['its axes are sheared by 45°, and stay so when it is resampled']);
    assert.deepEqual(await remarks(file('thick.nrrd', '(0,0,200)')), [
      'its spacing is 2×3×200 mm; if that is wrong, set overrideSpacingMm',
    ]);
    assert.deepEqual(await remarks(file('usual.nrrd', '(0,0,2)')), []);
  });

  it('inspect shows the same grid, and statistics of all channels', async () => {
    for (const name of ['vector.nrrd', 'int16.mha', 'frames.mgz']) {
      const { shape, affine, min, max } = await inspectFile(join(formats, name));
      const reference = references[name];
      const values = reference?.channels.flat() ?? [];
      const count = reference?.channels.length ?? 0;
      assert.deepEqual(shape, count > 1 ? [...(reference?.shape ?? []), count] : reference?.shape);
      assert.ok(largestDifference(affine.slice(0, 3).flat(), reference?.affine.flat() ?? []) < 1e-12);
      assert.deepEqual([min, max], [Math.min(...values), Math.max(...values)]);
    }
  });
});
