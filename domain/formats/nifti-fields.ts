import { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import { DomainError } from '../domain-error.js';
import { notFormat } from './recognise.js';

/** The fields of a NIfTI header that volbias uses, as stored and unchecked. */
export type NiftiFields = Readonly<ReturnType<typeof niftiFields>>;

/**
 * Reads the fields of a NIfTI-1 (nifti1.h, 348 bytes) or NIfTI-2 (nifti2.h, 540 bytes) header. The byte order is the
 * one in which the first word equals the header's length. Throws FILE_FORMAT_INVALID if neither order fits, the magic
 * is missing (as in ANALYZE 7.5) or the file ends inside the header.
 *
 * nifti-reader-js receives the header only, because it can loop endlessly over corrupt extensions. The two kinds of
 * fields that it misreads are read here (docs/decisions/0001).
 */
export function niftiFields(bytes: Uint8Array, source: string) {
  const signature = niftiSignature(bytes, source);
  const { version, headerBytes, littleEndian } = signature;
  const { buffer } = new Uint8Array(bytes.subarray(0, headerBytes));
  const header = version === 1 ? new NIFTI1() : new NIFTI2();
  header.readHeader(buffer);
  const view = new DataView(buffer);
  const int64 = (at: number): number => Number(view.getBigInt64(at, littleEndian));
  const float = (at: number): number => view.getFloat32(at, littleEndian);
  return {
    ...signature,
    /** dim[0] to dim[7]. */
    dimensions: version === 1 ? header.dims : run(8, 16, 8, int64),
    typeCode: header.datatypeCode,
    bitsPerVoxel: header.numBitsPerVoxel,
    /** pixdim[0] to pixdim[7]; the first is the sign of the qform's third axis. */
    pixdim: header.pixDims,
    dataOffset: version === 1 ? header.vox_offset : int64(168),
    slope: header.scl_slope,
    intercept: header.scl_inter,
    unitCode: header.xyzt_units,
    qformCode: header.qform_code,
    sformCode: header.sform_code,
    /** quatern_b, quatern_c, quatern_d. */
    quaternion: [header.quatern_b, header.quatern_c, header.quatern_d],
    qoffset: [header.qoffset_x, header.qoffset_y, header.qoffset_z],
    /** srow_x, srow_y, srow_z, four entries each. */
    srow: version === 1 ? run(12, 280, 4, float) : header.affine.slice(0, 3).flat(),
  };
}

/** Version, byte order and layout of the header, once its length and magic are checked. */
function niftiSignature(bytes: Uint8Array, source: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = [true, false].find(
    (little) => bytes.length >= 4 && [348, 540].includes(view.getInt32(0, little)),
  );
  if (littleEndian === undefined) {
    const reason = bytes.length === 0 ? 'the file is empty' : 'it does not begin with a NIfTI header';
    throw refusal(source, notFormat('NIfTI', bytes) ?? reason);
  }
  const version = view.getInt32(0, littleEndian) === 348 ? 1 : 2;
  const headerBytes = version === 1 ? 348 : 540;
  if (bytes.length < headerBytes) {
    throw refusal(source, `it ends after ${bytes.length} bytes, inside the ${headerBytes} bytes of its header`);
  }
  const magic = String.fromCharCode(...bytes.subarray(version === 1 ? 344 : 4, version === 1 ? 348 : 12));
  const expected = version === 1 ? ['n+1\0', 'ni1\0'] : ['n+2\0\r\n\x1a\n', 'ni2\0\r\n\x1a\n'];
  if (!expected.includes(magic)) {
    throw refusal(source, notFormat('NIfTI', bytes) ?? 'its header has no NIfTI magic (is it ANALYZE 7.5?)');
  }
  return { version, littleEndian, headerBytes, singleFile: magic.startsWith('n+') } as const;
}

function refusal(source: string, reason: string): DomainError {
  return new DomainError('FILE_FORMAT_INVALID', `${source}: ${reason}`, { source });
}

function run(count: number, start: number, bytes: number, read: (at: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => read(start + index * bytes));
}
