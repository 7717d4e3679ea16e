import type { StoredValues } from '../image/grid.js';

/** Luma weights of red, green and blue (ITU-R BT.601), applied to stored values without gamma conversion. */
const luma = [0.299, 0.587, 0.114] as const;

/** 0.299 R + 0.587 G + 0.114 B of the samples at `at`, `at + 1` and `at + 2`, which are in range. */
export function lumaOf(samples: Uint8Array | Uint16Array, at: number): number {
  const [red, green, blue] = [samples[at] as number, samples[at + 1] as number, samples[at + 2] as number];
  return luma[0] * red + luma[1] * green + luma[2] * blue;
}

/**
 * Grey values of interleaved samples with 1, 3 or 4 channels: grey, RGB, RGBA. Colours become their luma as float32, so a
 * grey image stored as RGB keeps its values exactly. Alpha is ignored; check first with `opaque` that it carries no
 * information.
 *
 * Overwrites `samples`: the result replaces them in place where it fits (all but 8-bit RGB), so that the image is not
 * held in memory twice. They must start at a multiple of 4 bytes in their buffer.
 */
export function greyOf(samples: Uint8Array | Uint16Array, channels: number): StoredValues {
  if (channels === 1) return samples;
  const count = samples.length / channels;
  const fits = channels * samples.BYTES_PER_ELEMENT >= 4;
  const grey = fits ? new Float32Array(samples.buffer, samples.byteOffset, count) : new Float32Array(count);
  for (let pixel = 0; pixel < count; pixel++) {
    // In bounds: each pixel has `channels` samples, and all three are read before they are overwritten.
    grey[pixel] = lumaOf(samples, pixel * channels);
  }
  return grey;
}

/** Whether any pixel's red, green and blue differ; false for grey samples. */
export function coloured(samples: Uint8Array | Uint16Array, channels: number): boolean {
  if (channels < 3) return false;
  for (let at = 0; at < samples.length; at += channels) {
    if (samples[at] !== samples[at + 1] || samples[at] !== samples[at + 2]) return true;
  }
  return false;
}

/** Whether every pixel's alpha (the last channel) equals `fullValue`; true for images without alpha. */
export function opaque(samples: Uint8Array | Uint16Array, channels: number, fullValue: number): boolean {
  if (channels !== 4) return true;
  for (let at = channels - 1; at < samples.length; at += channels) {
    if (samples[at] !== fullValue) return false;
  }
  return true;
}
