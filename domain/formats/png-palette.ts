import { lumaOf } from './grey.js';

/** Number of bytes at the start of a PNG in which its palette is looked for; a colour profile may precede it. */
export const paletteWithinBytes = 1 << 16;

/**
 * Whether the palette of the PNG that begins with these bytes is not in the order of brightness: then other software,
 * which takes the palette's indices for the values, orders the pixels differently. False without a palette.
 */
export function paletteIsOutOfOrder(png: Uint8Array): boolean {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  // A chunk is its length, its type, its data and a checksum, after a signature of 8 bytes (RFC 2083, section 3.2).
  for (let at = 8; at + 8 <= png.length; at += 12 + view.getUint32(at)) {
    if (String.fromCharCode(...png.subarray(at + 4, at + 8)) !== 'PLTE') continue;
    const colours = png.subarray(at + 8, at + 8 + view.getUint32(at));
    for (let next = 3; next + 2 < colours.length; next += 3) {
      if (lumaOf(colours, next) < lumaOf(colours, next - 3)) return true;
    }
    return false;
  }
  return false;
}
