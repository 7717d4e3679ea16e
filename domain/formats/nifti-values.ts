import type { StoredValues } from '../image/grid.js';
import { niftiTypeFacts, type NiftiDataType } from './nifti-types.js';

export interface NiftiValueForm {
  readonly dataType: NiftiDataType;
  readonly littleEndian: boolean;
  readonly slope: number;
  readonly intercept: number;
}

export const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Number of bytes that `valuesOfBytes` converts at a time. */
const blockBytes = 1 << 16;

/** Allocates an array for decoded voxels: of the stored type for unscaled integers of up to 16 bits, else float32. */
export function valuesOfLength(length: number, form: NiftiValueForm): StoredValues {
  if (isScaled(form)) return new Float32Array(length);
  switch (form.dataType) {
    case 'uint8':
      return new Uint8Array(length);
    case 'int8':
      return new Int8Array(length);
    case 'uint16':
      return new Uint16Array(length);
    case 'int16':
      return new Int16Array(length);
    default:
      return new Float32Array(length);
  }
}

/** Number of contiguous bytes that `valuesOfBytes` needs to decode an image in place. */
export function roomOfVoxels(count: number, form: NiftiValueForm): number {
  return count * Math.max(niftiTypeFacts[form.dataType].bytes, isScaled(form) ? 4 : 1);
}

/**
 * Decodes voxels in place, so that an image is not held in memory twice. Overwrites `bytes` and what follows them in
 * their buffer, up to `roomOfVoxels`; if the buffer is smaller and the decoded voxels do not fit, they get a new array.
 * `bytes` are as for `decodeVoxelsInto`, the result's type as for `valuesOfLength`.
 */
export function valuesOfBytes(bytes: Uint8Array, form: NiftiValueForm): StoredValues {
  const { bytes: width } = niftiTypeFacts[form.dataType];
  const { buffer, byteOffset } = bytes;
  if (!isScaled(form) && (width <= 2 || form.dataType === 'float32')) {
    if (form.littleEndian !== hostIsLittleEndian) reverseEach(bytes, width);
    return viewOf(bytes, form.dataType) as StoredValues; // the compiler cannot see that no other type gets here
  }
  const count = bytes.length / width;
  const fits = byteOffset + 4 * count <= buffer.byteLength;
  const values = fits ? new Float32Array(buffer, byteOffset, count) : new Float32Array(count);
  // Each block is copied first because its output overwrites it. To keep unread blocks intact, voxels that grow are
  // decoded from last to first and voxels that shrink from first to last.
  const block = new Uint8Array(Math.min(blockBytes, bytes.length));
  const blocks = Math.ceil(bytes.length / block.length);
  for (let index = 0; index < blocks; index++) {
    const start = block.length * (width < 4 ? blocks - 1 - index : index);
    const part = block.subarray(0, Math.min(block.length, bytes.length - start));
    part.set(bytes.subarray(start, start + part.length));
    decodeVoxelsInto(values, start / width, part, form);
  }
  return values;
}

function isScaled({ slope, intercept }: NiftiValueForm): boolean {
  return slope !== 1 || intercept !== 0;
}

/**
 * Decodes stored voxels, scales them in double precision (value = stored · slope + intercept) and writes them to
 * `target` from `offset` on. `target` is an array as from `valuesOfLength`, or a Float64Array for unrounded values.
 * `bytes` holds whole voxels, starts at a multiple of 8 bytes in its buffer, and is overwritten if its byte order is
 * not the host's.
 */
export function decodeVoxelsInto(
  target: StoredValues | Float64Array,
  offset: number,
  bytes: Uint8Array,
  form: NiftiValueForm,
): void {
  const { bytes: width } = niftiTypeFacts[form.dataType];
  if (form.littleEndian !== hostIsLittleEndian) reverseEach(bytes, width);
  const stored = viewOf(bytes, form.dataType);
  const { slope, intercept } = form;
  if (!isScaled(form) && !(stored instanceof BigInt64Array) && !(stored instanceof BigUint64Array)) {
    target.set(stored, offset);
    return;
  }
  for (let i = 0; i < stored.length; i++) target[offset + i] = Number(stored[i]) * slope + intercept;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array, type: NiftiDataType) {
  const count = byteLength / niftiTypeFacts[type].bytes;
  switch (type) {
    case 'uint8':
      return new Uint8Array(buffer, byteOffset, count);
    case 'int8':
      return new Int8Array(buffer, byteOffset, count);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, count);
    case 'int16':
      return new Int16Array(buffer, byteOffset, count);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, count);
    case 'int32':
      return new Int32Array(buffer, byteOffset, count);
    case 'float32':
      return new Float32Array(buffer, byteOffset, count);
    case 'float64':
      return new Float64Array(buffer, byteOffset, count);
    case 'int64':
      return new BigInt64Array(buffer, byteOffset, count);
    case 'uint64':
      return new BigUint64Array(buffer, byteOffset, count);
  }
}

/** Reverses the bytes of each voxel in place. */
function reverseEach(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) {
    for (let low = start, high = start + width - 1; low < high; low++, high--) {
      const kept = bytes[low] as number; // in bounds: the loop stays below bytes.length
      bytes[low] = bytes[high] as number;
      bytes[high] = kept;
    }
  }
}
