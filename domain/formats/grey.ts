import type { StoredValues } from '../image/grid.js';

/** Weights of red, green and blue in luma (ITU-R BT.601), applied to stored values: no gamma is taken out or put in. */
const luma = [0.299, 0.587, 0.114] as const;

/**
 * Grey values of interleaved samples with 1 to 4 channels: grey, grey and alpha, RGB, RGBA. Colours become
 * 0.299 R + 0.587 G + 0.114 B of the stored values, as float32, so a grey picture stored as RGB keeps its values exactly. The
 * alpha channel is not looked at; `opaque` says whether that loses anything.
 *
 * The samples are the function's from then on: what has room where they stand (all but 8-bit RGB) is written there, so that
 * a picture is not held twice. They start at a multiple of 4 bytes in their buffer.
 */
export function greyOf(samples: Uint8Array | Uint16Array, channels: number): StoredValues {
  if (channels === 1) return samples;
  const count = samples.length / channels;
  if (channels === 2) {
    for (let pixel = 0; pixel < count; pixel++) samples[pixel] = samples[2 * pixel] as number; // inside, and behind
    return samples.subarray(0, count);
  }
  const fits = channels * samples.BYTES_PER_ELEMENT >= 4;
  const grey = fits ? new Float32Array(samples.buffer, samples.byteOffset, count) : new Float32Array(count);
  for (let pixel = 0; pixel < count; pixel++) {
    // Inside: there are `channels` samples for each pixel. All three are read before their place is written to.
    const at = pixel * channels;
    const [red, green, blue] = [samples[at] as number, samples[at + 1] as number, samples[at + 2] as number];
    grey[pixel] = luma[0] * red + luma[1] * green + luma[2] * blue;
  }
  return grey;
}

/** Whether every pixel's alpha (the last channel) has the full value; true for pictures without alpha. */
export function opaque(samples: Uint8Array | Uint16Array, channels: number, fullValue: number): boolean {
  if (channels === 1 || channels === 3) return true;
  for (let at = channels - 1; at < samples.length; at += channels) {
    if (samples[at] !== fullValue) return false;
  }
  return true;
}
