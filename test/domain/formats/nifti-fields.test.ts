import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { NIFTI1, NIFTI2 } from 'nifti-reader-js';

import { DomainError } from '../../../domain/domain-error.js';
import { niftiFields } from '../../../domain/formats/nifti-fields.js';
import { parseNiftiHeader } from '../../../domain/formats/nifti-header.js';
import { imageReference } from '../../support/images/image-fixtures.js';

interface HeaderReference {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** Hexadecimal. */
  readonly bytes: string;
  /** By nifti1.h's name; integers as text. */
  readonly fields: Readonly<Record<string, readonly (number | string)[]>>;
}

// test/fixtures/images/make.py draws the bytes and reads them with nibabel.
const headers = imageReference<HeaderReference[]>('headers.json') as unknown as HeaderReference[];

/** The fields of these names, one after the other; Number() rounds as 64-bit integers do when they become a double. */
const nibabels = ({ fields }: HeaderReference, ...names: string[]): number[] =>
  names.flatMap((name) => fields[name] ?? []).map(Number);

/** The reading of nifti-reader-js alone. */
function packages({ version, bytes }: HeaderReference): NIFTI1 | NIFTI2 {
  const header = version === 1 ? new NIFTI1() : new NIFTI2();
  header.readHeader(new Uint8Array(Buffer.from(bytes, 'hex')).buffer);
  return header;
}

describe('the fields of a NIfTI header', () => {
  it('match nibabel bit by bit in random headers of either version and byte order', () => {
    for (const reference of headers) {
      const fields = niftiFields(Buffer.from(reference.bytes, 'hex'), 'random');
      assert.deepEqual(
        [fields.version, fields.littleEndian, fields.singleFile],
        [reference.version, reference.littleEndian, true],
      );
      assert.deepEqual(
        [
          fields.dimensions,
          [fields.typeCode, fields.bitsPerVoxel],
          fields.pixdim.slice(0, 4),
          [fields.dataOffset, fields.slope, fields.intercept],
          [fields.unitCode, fields.qformCode, fields.sformCode],
          fields.quaternion,
          fields.qoffset,
          fields.srow,
        ],
        [
          nibabels(reference, 'dim'),
          nibabels(reference, 'datatype', 'bitpix'),
          nibabels(reference, 'pixdim').slice(0, 4),
          nibabels(reference, 'vox_offset', 'scl_slope', 'scl_inter'),
          nibabels(reference, 'xyzt_units', 'qform_code', 'sform_code'),
          nibabels(reference, 'quatern_b', 'quatern_c', 'quatern_d'),
          nibabels(reference, 'qoffset_x', 'qoffset_y', 'qoffset_z'),
          nibabels(reference, 'srow_x', 'srow_y', 'srow_z'),
        ],
      );
    }
  });

  it('are correct where nifti-reader-js is wrong: an sform with a qform of greater code, and 64-bit integers', () => {
    const srow = (reference: HeaderReference) => nibabels(reference, 'srow_x', 'srow_y', 'srow_z');
    const wrongSform = headers.filter((it) => packages(it).affine.slice(0, 3).flat().join() !== srow(it).join());
    assert.ok(wrongSform.length > 0 && wrongSform.every(({ version }) => version === 1));
    const [little, big] = [true, false].map((order) =>
      headers.find(({ version, littleEndian }) => version === 2 && littleEndian === order),
    );
    assert.ok(little !== undefined && big !== undefined);
    // dim[1] is -4; nifti-reader-js subtracts 2⁶⁴ where the sign has already been counted, and in big-endian files takes
    // the lower half to be signed.
    assert.deepEqual([packages(little).dims[1], packages(little).vox_offset], [-4 - 2 ** 64, 2 ** 31 + 16]);
    assert.deepEqual([packages(big).dims[1], packages(big).vox_offset], [-(2 ** 32), 2 ** 31 + 16 - 2 ** 32 - 2 ** 64]);
  });

  it('are read or refused for any bytes after size and magic, without other exceptions', () => {
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 700 });
    fc.assert(
      fc.property(bytes, fc.constantFrom(348, 540), fc.boolean(), fc.boolean(), (random, size, little, pair) => {
        const file = new Uint8Array(random);
        const view = new DataView(file.buffer);
        if (file.length >= 4) view.setInt32(0, size, little);
        const magic = `n${pair ? 'i' : '+'}${size === 348 ? '1\0' : '2\0\r\n\x1a\n'}`;
        if (file.length >= 348) file.set(Buffer.from(magic, 'latin1'), size === 348 ? 344 : 4);
        try {
          parseNiftiHeader(file, 'random');
        } catch (error) {
          assert.ok(error instanceof DomainError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
