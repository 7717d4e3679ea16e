import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { affineOfSteps } from '../../../domain/image/affine.js';
import type { Grid } from '../../../domain/image/grid.js';
import { alignImage } from '../../../domain/preprocess/align.js';
import { gridOf, imageOf, largestDifference } from '../../support/images/image-fixtures.js';
import { fixturesFolder } from '../../support/paths.js';

interface Reference {
  readonly first: Grid;
  readonly other: Grid;
  readonly values: readonly number[];
  readonly aligned: readonly number[];
  readonly outsideVoxels: number;
}

const references = JSON.parse(readFileSync(join(fixturesFolder, 'align', 'align.json'), 'utf8')) as Record<
  string,
  Reference
>;

describe('alignImage', () => {
  for (const [name, { first, other, values, aligned, outsideVoxels }] of Object.entries(references)) {
    it(`${name}: is SimpleITK's linear resampling by the headers (test/fixtures/align/make.py)`, () => {
      const own = alignImage({ grid: other, values: Int16Array.from(values) }, first);
      // The reference is in double precision; values are below 512, so single precision rounds by at most 2⁻¹⁶.
      assert.ok(largestDifference(own.values, aligned) < 2 ** -15, String(largestDifference(own.values, aligned)));
      assert.equal(own.outsideVoxels, outsideVoxels);
      assert.ok(outsideVoxels < aligned.length);
    });
  }

  it('a function that is linear in space keeps its values wherever the voxels lie', () => {
    const grid = gridOf([9, 9, 9]);
    const image = imageOf(grid, (x, y, z) => 3 * x - 2 * y + z + 7);
    const target = {
      shape: [4, 5, 3],
      spacingMm: [1.5, 1.25, 2],
      affine: affineOfSteps(grid.affine, [2, 1, 3], [1.5, 1.25, 2]),
    } as const;
    const expected = imageOf(target, (x, y, z) => 3 * (2 + 1.5 * x) - 2 * (1 + 1.25 * y) + (3 + 2 * z) + 7);
    assert.deepEqual(alignImage(image, target), { values: expected.values, outsideVoxels: 0 });
  });
});
