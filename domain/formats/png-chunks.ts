import { lumaOf } from './grey.js';

/** Number of bytes at the start of a PNG in which chunks are looked for; a colour profile may precede them. */
export const chunksWithinBytes = 1 << 20;

/**
 * Whether the palette of the PNG that begins with these bytes is not in the order of brightness: then other software,
 * which takes the palette's indices for the values, orders the pixels differently. False without a palette.
 */
export function paletteIsOutOfOrder(png: Uint8Array): boolean {
  const colours = chunkOf(png, 'PLTE') ?? new Uint8Array(0);
  for (let next = 3; next + 2 < colours.length; next += 3) {
    if (lumaOf(colours, next) < lumaOf(colours, next - 3)) return true;
  }
  return false;
}

/** The number of frames of an animated PNG (APNG) that begins with these bytes; undefined for a still picture. */
export function animationFrames(png: Uint8Array): number | undefined {
  const control = chunkOf(png, 'acTL');
  if (control === undefined || control.length < 4) return undefined;
  return new DataView(control.buffer, control.byteOffset).getUint32(0);
}

/** The data of a chunk before the pixels; undefined if there is none. */
function chunkOf(png: Uint8Array, wanted: string): Uint8Array | undefined {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  // A chunk is its length, its type, its data and a checksum, after a signature of 8 bytes (RFC 2083, section 3.2).
  for (let at = 8; at + 8 <= png.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (type === wanted) return png.subarray(at + 8, at + 8 + view.getUint32(at));
    if (type === 'IDAT') return undefined;
  }
  return undefined;
}
