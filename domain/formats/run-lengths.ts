import { DomainError } from '../domain-error.js';

/**
 * A binary mask as the lengths of its runs, little-endian 32-bit integers: voxels of 0, then of 1, then of 0, and so on.
 * The first run may have length 0. A structure takes about two numbers for each row that crosses it.
 */
export function encodeRunLengths(mask: Uint8Array): Uint8Array {
  const lengths: number[] = [];
  let value = 0;
  let start = 0;
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === value) continue;
    lengths.push(i - start);
    start = i;
    value = 1 - value;
  }
  lengths.push(mask.length - start);
  const bytes = new Uint8Array(4 * lengths.length);
  const view = new DataView(bytes.buffer);
  lengths.forEach((length, index) => {
    view.setUint32(4 * index, length, true);
  });
  return bytes;
}

/** The inverse of `encodeRunLengths`. FILE_FORMAT_INVALID unless the runs add up to `voxels`. */
export function decodeRunLengths(bytes: Uint8Array, voxels: number): Uint8Array {
  const mask = new Uint8Array(voxels);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 0;
  for (let at = 0; at + 4 <= bytes.byteLength; at += 4) {
    const end = start + view.getUint32(at, true);
    if ((at / 4) % 2 === 1) mask.fill(1, start, end);
    start = end;
  }
  if (start !== voxels || bytes.byteLength % 4 !== 0) {
    throw new DomainError('FILE_FORMAT_INVALID', `the runs of a mask have ${start} voxels, expected ${voxels}`);
  }
  return mask;
}
