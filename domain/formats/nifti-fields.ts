import { DomainError } from '../domain-error.js';

/** The fields of a NIfTI header that the product looks at, as they stand in the file, unchecked. */
export interface NiftiFields {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  readonly singleFile: boolean;
  readonly headerBytes: 348 | 540;
  /** dim[0] to dim[7]. */
  readonly dimensions: readonly number[];
  readonly typeCode: number;
  readonly bitsPerVoxel: number;
  /** pixdim[0] to pixdim[3]; the first is the sign of the qform's third axis. */
  readonly pixdim: readonly number[];
  readonly dataOffset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly unitCode: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** quatern_b, quatern_c, quatern_d. */
  readonly quaternion: readonly number[];
  readonly qoffset: readonly number[];
  /** srow_x, srow_y, srow_z, four entries each. */
  readonly srow: readonly number[];
}

/**
 * Reads the fields of a NIfTI-1 (nifti1.h, 348 bytes) or NIfTI-2 (nifti2.h, 540 bytes) header. The byte order is
 * the one in which the header's first word is its own length. FILE_FORMAT_INVALID if there is none, the magic is
 * missing (ANALYZE 7.5 has none) or the file ends inside the header.
 */
export function niftiFields(bytes: Uint8Array, source: string): NiftiFields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const order = [true, false].find((little) => view.byteLength >= 4 && [348, 540].includes(view.getInt32(0, little)));
  if (order === undefined) {
    throw refusal(source, view.byteLength === 0 ? 'the file is empty' : 'it does not begin with a NIfTI header');
  }
  const version = view.getInt32(0, order) === 348 ? 1 : 2;
  const headerBytes = version === 1 ? 348 : 540;
  if (view.byteLength < headerBytes) {
    throw refusal(source, `it ends after ${view.byteLength} bytes, inside the ${headerBytes} bytes of its header`);
  }
  const magic = String.fromCharCode(...bytes.subarray(version === 1 ? 344 : 4, version === 1 ? 348 : 12));
  const expected = version === 1 ? ['n+1\0', 'ni1\0'] : ['n+2\0\r\n\x1a\n', 'ni2\0\r\n\x1a\n'];
  if (!expected.includes(magic)) throw refusal(source, 'its header has no NIfTI magic (is it ANALYZE 7.5?)');
  const common = { littleEndian: order, singleFile: magic.startsWith('n+') };
  return { ...common, ...(version === 1 ? version1Fields(view, order) : version2Fields(view, order)) };
}

function refusal(source: string, reason: string): DomainError {
  return new DomainError('FILE_FORMAT_INVALID', `${source}: ${reason}`, { source });
}

type VersionFields = Omit<NiftiFields, 'littleEndian' | 'singleFile'>;

function version1Fields(view: DataView, little: boolean): VersionFields {
  const int16 = (at: number): number => view.getInt16(at, little);
  const float = (at: number): number => view.getFloat32(at, little);
  return {
    version: 1,
    headerBytes: 348,
    dimensions: run(8, 40, 2, int16),
    typeCode: int16(70),
    bitsPerVoxel: int16(72),
    pixdim: run(4, 76, 4, float),
    dataOffset: float(108),
    slope: float(112),
    intercept: float(116),
    unitCode: view.getUint8(123),
    qformCode: int16(252),
    sformCode: int16(254),
    quaternion: run(3, 256, 4, float),
    qoffset: run(3, 268, 4, float),
    srow: run(12, 280, 4, float),
  };
}

function version2Fields(view: DataView, little: boolean): VersionFields {
  const int64 = (at: number): number => Number(view.getBigInt64(at, little));
  const double = (at: number): number => view.getFloat64(at, little);
  return {
    version: 2,
    headerBytes: 540,
    dimensions: run(8, 16, 8, int64),
    typeCode: view.getInt16(12, little),
    bitsPerVoxel: view.getInt16(14, little),
    pixdim: run(4, 104, 8, double),
    dataOffset: int64(168),
    slope: double(176),
    intercept: double(184),
    unitCode: view.getInt32(500, little),
    qformCode: view.getInt32(344, little),
    sformCode: view.getInt32(348, little),
    quaternion: run(3, 352, 8, double),
    qoffset: run(3, 376, 8, double),
    srow: run(12, 400, 8, double),
  };
}

function run(count: number, start: number, bytes: number, read: (at: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => read(start + index * bytes));
}
