import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { DomainError } from '../../../domain/domain-error.js';
import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { fileError } from '../../../storage/files/file-errors.js';
import { findingsOf } from '../../support/data/findings-of.js';
import { writeMaskedCases } from '../../support/data/masked-cases.js';
import { prepareDataSet } from '../../support/data/prepare-data-set.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const advice =
  'give it more memory, use fewer modalities, or refuse cases of this size by a smaller preprocessing.maxVoxels';

/** What an allocation that no machine can serve throws. */
function failedAllocation(): unknown {
  try {
    return new ArrayBuffer(2 ** 52);
  } catch (error) {
    return error;
  }
}

describe('a case for which there is no memory', () => {
  it('is an error that says what to do, of validate and of a sweep', async (test) => {
    const root = join(await temporaryFolder(test), 'data');
    await writeMaskedCases(root, { a: { 1: 5 }, b: { 1: 7 } });
    // 6 voxels of 10¹² mm are 3 · 10¹² voxels of 2 mm.
    const long = gridOf([6, 6, 6], [1e12, 2, 2]);
    await writeFile(join(root, 'imagesTr', 'b_0000.nii'), encodeNifti({ grid: long, values: new Float32Array(216) }));
    await writeFile(
      join(root, 'labelsTr', 'b.nii'),
      encodeNifti({ grid: long, values: new Uint8Array(216).fill(1, 9) }),
    );
    const preprocessing = { crop: [6, 6, 6], spacingMm: 2, maxVoxels: 2 ** 52 };
    const dataSet = { kind: 'nnunet', modalities: ['T1'], preprocessing };
    const errors = (await findingsOf(root, dataSet)).filter(({ severity }) => severity === 'error');
    assert.equal(errors.length, 1);
    assert.match(errors[0]?.message ?? '', new RegExp(`^there is not enough memory \\(.+\\); ${advice}$`));
    await assert.rejects(prepareDataSet(join(root, '..', 'kept'), { ...dataSet, path: root }), (error) => {
      assert.ok(error instanceof DomainError);
      assert.equal(error.code, 'OUT_OF_MEMORY');
      assert.match(error.message, new RegExp(`^case "b": there is not enough memory .*; ${advice}$`));
      return true;
    });
  });

  it('names the file if its voxels do not fit', () => {
    const { code, message } = fileError('/data/a.nii', failedAllocation());
    assert.equal(code, 'OUT_OF_MEMORY');
    assert.equal(message, `/data/a.nii: there is not enough memory (Array buffer allocation failed); ${advice}`);
  });
});
