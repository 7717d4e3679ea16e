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
const block = Uint8Array.from({ length: 216 }, (_, index) => (index === 86 ? 1 : 0));
const goodImage = encodeNifti({ grid, values: ramp });
const goodMask = encodeNifti({ grid, values: block });

/** A .nii file with one field of its header replaced. */
function withField(bytes: Uint8Array, write: (header: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  write(copy);
  return copy;
}

/** The findings on a 3D case with this image and this mask. */
async function findingsIn3D(test: TestContext, image: Uint8Array, mask: Uint8Array, crop = [6, 6, 6]) {
  const root = join(await temporaryFolder(test), 'data');
  for (const name of ['imagesTr', 'labelsTr']) mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, 'imagesTr', 'a_0000.nii'), image);
  writeFileSync(join(root, 'labelsTr', 'a.nii'), mask);
  const findings = await findingsOf(root, { kind: 'nnunet', modalities: ['T1'], preprocessing: { crop } });
  return findings.map((one) => `${one.severity} ${one.case ?? ''}: ${one.message.replace(`${root}/labelsTr/`, '')}`);
}

const shifted = (header: Buffer): void => {
  header.writeFloatLE(header.readFloatLE(268) + 57, 268); // qoffset_x
};
const noForms = (header: Buffer): void => {
  header.writeInt16LE(0, 252);
  header.writeInt16LE(0, 254);
};
const otherForm = (header: Buffer): void => {
  header.writeInt16LE(77, 254);
};
const damagedForm = (header: Buffer): void => {
  header.writeFloatLE(NaN, 256); // quatern_b
};
/** Scales the spacing, with the affine. */
const spaced = (bytes: Uint8Array, spacing: number): Uint8Array =>
  encodeNifti({ grid: gridOf([6, 6, 6], [spacing, spacing, spacing]), values: bytes === goodMask ? block : ramp });

describe('what validate finds in a 3D case that can be read', () => {
  it('is nothing where all is as usual', async (test) => {
    assert.deepEqual(await findingsIn3D(test, goodImage, goodMask), []);
  });

  it('is that the mask has fractions', async (test) => {
    const half = encodeNifti({ grid, values: Float32Array.from(block, (value) => value / 2) });
    assert.deepEqual(await findingsIn3D(test, goodImage, half), [
      'warning a: it has values that are not whole numbers, such as 0.5; is it a map of probabilities? (mask)',
    ]);
  });

  it('is that the image is the mask', async (test) => {
    assert.deepEqual(await findingsIn3D(test, goodMask, goodMask), [
      'warning a: it is the image T1, value by value (mask)',
    ]);
  });

  it('is that all masks cover the whole image, or are empty', async (test) => {
    const full = encodeNifti({ grid, values: new Uint8Array(216).fill(1) });
    assert.deepEqual(await findingsIn3D(test, goodImage, full), [
      'error : label (values above 0, the default) selects every voxel of every mask (1 case), so there is nothing to ' +
        'learn. The masks have the values 1 (216 voxels in 1 case); change this rule in the config',
    ]);
    const empty = encodeNifti({ grid, values: new Uint8Array(216) });
    assert.deepEqual(await findingsIn3D(test, goodImage, empty), [
      'error : label (values above 0, the default) selects no voxel of any mask (1 case), so there is nothing to learn. ' +
        'The masks have the values 0 (216 voxels in 1 case); change this rule in the config',
    ]);
  });

  it('is that there is neither sform nor qform', async (test) => {
    const found = await findingsIn3D(test, withField(goodImage, noForms), withField(goodMask, noForms));
    assert.deepEqual(found, [
      'warning a: it has neither sform nor qform, so its position is unknown and x is taken to increase to the left ' +
        '(T1, mask)',
    ]);
  });

  it('is that the sform has a code that NIfTI does not know', async (test) => {
    assert.deepEqual(await findingsIn3D(test, withField(goodImage, otherForm), goodMask), [
      'warning a: its sform_code is 77, which NIfTI does not know; the sform is used, but others ignore it (T1)',
    ]);
  });

  it('is that sform and qform contradict each other, and by how much', async (test) => {
    assert.deepEqual(await findingsIn3D(test, withField(goodImage, shifted), goodMask), [
      'warning a: its sform and qform contradict each other by 57 mm; the sform is used (T1)',
    ]);
  });

  it('is that the qform is damaged beside an sform, which is used, as in nibabel', async (test) => {
    assert.deepEqual(await findingsIn3D(test, withField(goodImage, damagedForm), goodMask), [
      'warning a: its qform is damaged; the sform is used (T1)',
    ]);
  });

  it('is that the axes are sheared', async (test) => {
    const sheared = gridOf(
      grid.shape,
      [2, 2, Math.hypot(2, 0.5)],
      [
        [2, 0, 0, 0],
        [0, 2, 0.5, 0],
        [0, 0, 2, 0],
      ],
    );
    const image = encodeNifti({ grid: sheared, values: ramp });
    // tan⁻¹(0.5 / 2) = 14.04°
    assert.deepEqual(await findingsIn3D(test, image, encodeNifti({ grid: sheared, values: block })), [
      'warning a: its axes are sheared by 14°, and stay so when it is resampled (T1, mask)',
    ]);
  });

  it('is that the image is 2D', async (test) => {
    const flat = gridOf([6, 36, 1], [2, 2, 2]);
    const image = encodeNifti({ grid: flat, values: ramp });
    assert.deepEqual(await findingsIn3D(test, image, encodeNifti({ grid: flat, values: block }), [6, 36, 1]), [
      'warning a: it has 6×36×1 voxels, which is 2D, although the data set is 3D',
    ]);
  });

  it('is that the spacing is hardly possible, in either direction', async (test) => {
    const small = await findingsIn3D(test, spaced(goodImage, 5e-4), spaced(goodMask, 5e-4));
    assert.ok(
      small.includes(
        'warning a: its spacing is 0.0005×0.0005×0.0005 mm; if that is wrong, set overrideSpacingMm (T1, mask)',
      ),
    );
    const large = await findingsIn3D(test, spaced(goodImage, 60), spaced(goodMask, 60), [180, 180, 180]);
    assert.deepEqual(large, [
      'warning a: its spacing is 60×60×60 mm; if that is wrong, set overrideSpacingMm (T1, mask)',
    ]);
  });

  it('is that the spacing is hardly possible, also where another file cannot be read', async (test) => {
    assert.deepEqual(await findingsIn3D(test, spaced(goodImage, 60), spaced(goodMask, 60).subarray(0, 400)), [
      'error a: a.nii: the header declares 568 bytes, but the file holds at most 400',
      'warning a: its spacing is 60×60×60 mm; if that is wrong, set overrideSpacingMm (T1)',
    ]);
  });

  it('is all that is wrong with a case, also what its headers tell beside the first fault', async (test) => {
    const [unreadable, elsewhere, ...more] = await findingsIn3D(test, goodImage, spaced(goodMask, 3).subarray(0, 400));
    assert.equal(unreadable, 'error a: a.nii: the header declares 568 bytes, but the file holds at most 400');
    assert.match(elsewhere ?? '', /^error a: .* do not share the same voxel grid/);
    assert.deepEqual(more, []);
  });

  it('is that the crop is far larger than the prepared image', async (test) => {
    assert.deepEqual(await findingsIn3D(test, goodImage, goodMask, [12, 12, 12]), []);
    assert.deepEqual(await findingsIn3D(test, goodImage, goodMask, [12, 12, 15]), [
      'warning a: the crop of 12×12×15 voxels is mostly padding: its prepared image has 6×6×6',
    ]);
  });

  it('is that whole numbers are not exact in float32', async (test) => {
    const integers = BigInt64Array.from({ length: 216 }, (_, index) => BigInt(index));
    integers[2] = 2n ** 24n - 1n; // the last that no other whole number becomes
    integers[3] = 2n ** 53n - 1n;
    integers[4] = -(2n ** 60n);
    const { header, voxels } = niftiBytes(grid, 'int64', integers);
    assert.deepEqual(await findingsIn3D(test, Buffer.concat([header, voxels]), goodMask), [
      'warning a: 2 voxels are whole numbers of 2²⁴ or more, which are rounded to float32 (T1)',
    ]);
    const short = niftiBytes(grid, 'uint32', Uint32Array.from(ramp).fill(2 ** 24 + 1, 0, 3));
    assert.deepEqual(await findingsIn3D(test, Buffer.concat([short.header, short.voxels]), goodMask), [
      'warning a: 3 voxels are whole numbers of 2²⁴ or more, which are rounded to float32 (T1)',
    ]);
  });

  it('is an error and not the end where a spacing would take all memory', async (test) => {
    for (const spacing of [500, 1e30]) {
      const found = await findingsIn3D(test, spaced(goodImage, spacing), spaced(goodMask, spacing));
      assert.equal(found.length, 2);
      assert.match(
        found[0] ?? '',
        /^error a: .*a_0000\.nii: the new image would have .* at most 134217728 are allowed .*; if that is wrong, set overrideSpacingMm$/,
      );
      assert.match(found[1] ?? '', /^warning a: its spacing is/);
    }
  });
});

describe('what validate finds in the names of a data set', () => {
  it('is an error for __proto__', async (test) => {
    const root = join(await temporaryFolder(test), 'data');
    for (const name of ['imagesTr', 'labelsTr']) mkdirSync(join(root, name), { recursive: true });
    for (const id of ['__proto__', 'a']) {
      writeFileSync(join(root, 'imagesTr', `${id}_0000.nii`), goodImage);
      writeFileSync(join(root, 'labelsTr', `${id}.nii`), goodMask);
    }
    const found = await findingsOf(root, { kind: 'nnunet', modalities: ['T1'], preprocessing: { crop: [6, 6, 6] } });
    assert.deepEqual(
      found.map((one) => `${one.severity} ${one.case ?? ''}: ${one.message}`),
      ['error __proto__: its id is reserved in JavaScript'],
    );
  });
});
