import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { diagonalAffine } from '../../../domain/image/affine.js';
import { configOf } from '../../../storage/sweeps/config-files.js';
import { assertEnded, runCommandLine } from '../../support/command-line.js';
import { picture, put } from '../../support/data/small-files.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** An image of 30 × 30 × 20 voxels, all of them different from those of other numbers. */
function image(number: number): Uint8Array {
  return nifti(Float32Array.from({ length: 18_000 }, (_, at) => (at * number) % 1009));
}

function nifti(values: Float32Array): Uint8Array {
  return encodeNifti({
    grid: { shape: [30, 30, 20], spacingMm: [2, 2, 2], affine: diagonalAffine([2, 2, 2]) },
    values,
  });
}

/** A mask of 0 in which each of the values has this many voxels. */
function mask(values: readonly number[], each = 20): Uint8Array {
  const voxels = new Float32Array(18_000);
  for (const [index, value] of values.entries()) voxels.fill(value, 500 + index * each, 500 + (index + 1) * each);
  return nifti(voxels);
}

const numbers = [1, 2, 3, 4];

interface Written {
  readonly text: string;
  readonly kind: string | undefined;
  readonly label: unknown;
  readonly errors: string;
  readonly validate: () => ReturnType<typeof runCommandLine>;
}

async function initialised(test: TestContext, root: string): Promise<Written> {
  const folder = await temporaryFolder(test);
  const file = join(folder, 'own.yaml');
  const result = await runCommandLine(['init', root, '--output', file], {
    environment: { VOLBIAS_DATA_DIR: join(folder, 'data') },
  });
  assertEnded(result, 0);
  // Nothing has run in the data folder of this test.
  assert.match(result.output, /^Nothing of this has run here yet\. Rough estimate: at most .* of disk\.$/m);
  const text = await readFile(file, 'utf8');
  const [dataSet] = configOf(file, text).dataSets;
  return {
    ...{ text, kind: dataSet?.kind, label: dataSet?.label, errors: result.errors },
    validate: () => runCommandLine(['validate', file, '--data-dir', join(folder, 'data')]),
  };
}

/** A data set in nnU-Net's layout, whose masks have these values. */
async function withMasks(test: TestContext, maskOf: (number: number) => Uint8Array): Promise<Written> {
  const root = await temporaryFolder(test);
  for (const number of numbers) {
    await put(root, `images/c${number}_0000.nii`, image(number));
    await put(root, `label/c${number}.nii`, maskOf(number));
  }
  return initialised(test, root);
}

describe('volbias init, of folders with other names', () => {
  for (const [images, masks] of [
    ['image', 'labels'],
    ['images', 'label'],
    ['image', 'mask'],
  ] as const) {
    it(`takes pictures in ${images}/ and ${masks}/ for folder2d, also if their names end in numbers`, async (test) => {
      const root = await temporaryFolder(test);
      for (const number of numbers) {
        await put(root, `${images}/cell_000${number}.png`, await picture(50 + number, 54, false));
        await put(root, `${masks}/cell_000${number}.png`, await picture(50 + number, 54, true));
      }
      const { kind, validate } = await initialised(test, root);
      assert.equal(kind, 'folder2d');
      assertEnded(await validate(), 0);
    });
  }

  it("takes images/CASE_0000.nii and label/CASE.nii for nnU-Net's", async (test) => {
    const { kind, validate, label } = await withMasks(test, () => mask([1]));
    assert.equal(kind, 'nnunet');
    assert.deepEqual(label, { greaterThan: 0, resampling: 'volumePreserving' });
    assertEnded(await validate(), 0);
  });
});

describe('volbias init, of masks with several values', () => {
  it('lists the first ten whole values with their counts, and selects all above 0', async (test) => {
    const values = Array.from({ length: 20 }, (_, index) => 50 * (index + 1));
    const { text, label } = await withMasks(test, () => mask(values));
    assert.deepEqual(label, { greaterThan: 0, resampling: 'volumePreserving' });
    // 18,000 − 20 · 20 voxels are 0, in each of 4 masks.
    assert.match(
      text,
      /^ +# Values of 4 masks: 0 \(70400 voxels in 4 masks\), 50 \(80 voxels in 4 masks\), .*450 \(80 voxels in 4 masks\), and 11 more$/m,
    );
  });

  it('selects the upper half of shares', async (test) => {
    const { label } = await withMasks(test, () => mask([0.25, 0.5, 0.75, 1]));
    assert.deepEqual(label, { greaterThan: 0.5, resampling: 'volumePreserving' });
  });

  it('selects the upper half where a border is blurred', async (test) => {
    const blurred = mask([...Array.from({ length: 20 }, (_, at) => 5 + 10 * at), ...Array<number>(100).fill(255)], 5);
    const { label } = await withMasks(test, () => blurred);
    assert.deepEqual(label, { greaterThan: 128, resampling: 'volumePreserving' });
  });

  it('leaves the rule to the user where a value is negative or a fraction above 1, and validate refuses the masks', async (test) => {
    const { text, label, errors, validate } = await withMasks(test, (number) =>
      mask(number === 1 ? [0.5, -3, 257] : [0.5, 1], number === 1 ? 1 : 20),
    );
    assert.deepEqual(label, { resampling: 'volumePreserving' });
    assert.match(text, /# Values of 4 masks: -3 \(1 voxel in 1 mask\), 0 .*, 257 \(1 voxel in 1 mask\)$/m);
    assert.match(errors, /only you know which values of the masks are the structure/);
    const refused = await validate();
    assertEnded(refused, 1);
    assert.match(refused.output, /contains the values -3, 0, 0\.5, 257, so\s+it is not a binary mask/);
  });
});
