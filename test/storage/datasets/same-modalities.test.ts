import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { findingsOf } from '../../support/data/findings-of.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { niftiBytes } from '../../support/images/nifti-bytes.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const grid = gridOf([6, 6, 6], [2, 2, 2]);
const ramp = Float32Array.from({ length: 216 }, (_, index) => index);
const mask = Uint8Array.from({ length: 216 }, (_, index) => (index % 7 === 0 ? 1 : 0));

/** The warnings on a case with two modalities. */
async function warnings(test: TestContext, second: Uint8Array): Promise<string[]> {
  const root = join(await temporaryFolder(test), 'data');
  for (const name of ['imagesTr', 'labelsTr']) mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, 'imagesTr', 'a_0000.nii'), encodeNifti({ grid, values: ramp }));
  writeFileSync(join(root, 'imagesTr', 'a_0001.nii'), second);
  writeFileSync(join(root, 'labelsTr', 'a.nii'), encodeNifti({ grid, values: mask }));
  const dataSet = { kind: 'nnunet', modalities: ['T1', 'T2'], preprocessing: { crop: [6, 6, 6] } };
  return (await findingsOf(root, dataSet)).map((found) => `${found.severity} ${found.case ?? ''}: ${found.message}`);
}

describe('two modalities of a case', () => {
  it('with the same voxels are a warning, whatever type the files have', async (test) => {
    const expected = ['warning a: T2 is the image T1, value by value'];
    assert.deepEqual(await warnings(test, encodeNifti({ grid, values: ramp })), expected);
    const { header, voxels } = niftiBytes(grid, 'int16', Int16Array.from(ramp));
    assert.deepEqual(await warnings(test, Buffer.concat([header, voxels])), expected);
  });

  it('that differ in one voxel are none', async (test) => {
    assert.deepEqual(await warnings(test, encodeNifti({ grid, values: ramp.with(100, -1) })), []);
  });
});
