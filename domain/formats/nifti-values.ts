import { niftiTypeFacts, type NiftiDataType } from './nifti-types.js';

export interface NiftiValueForm {
  readonly dataType: NiftiDataType;
  readonly littleEndian: boolean;
  readonly slope: number;
  readonly intercept: number;
}

export const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Decodes stored voxels, scales them in double precision (value = stored · slope + intercept) and writes them into
 * `target` from `offset` on: as float32, or unrounded into a Float64Array. `bytes` holds whole voxels, starts at a multiple of 8 bytes in its buffer,
 * and is overwritten where the byte order has to be turned round.
 */
export function decodeVoxelsInto(
  target: Float32Array | Float64Array,
  offset: number,
  bytes: Uint8Array,
  form: NiftiValueForm,
): void {
  const { bytes: width } = niftiTypeFacts[form.dataType];
  if (form.littleEndian !== hostIsLittleEndian) reverseEach(bytes, width);
  const stored = viewOf(bytes, form.dataType);
  const { slope, intercept } = form;
  if (!(stored instanceof BigInt64Array) && !(stored instanceof BigUint64Array)) {
    if (slope === 1 && intercept === 0) {
      target.set(stored, offset);
      return;
    }
    const exact = new Float64Array(stored);
    for (let i = 0; i < exact.length; i++) target[offset + i] = (exact[i] as number) * slope + intercept;
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

/** Turns the bytes of each voxel round, in place. */
function reverseEach(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) {
    for (let low = start, high = start + width - 1; low < high; low++, high--) {
      const kept = bytes[low] as number; // inside: the loop stays below bytes.length
      bytes[low] = bytes[high] as number;
      bytes[high] = kept;
    }
  }
}
