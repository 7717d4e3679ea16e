/** Weights of red, green and blue in luma (ITU-R BT.601), applied to stored values: no gamma is taken out or put in. */
const luma = [0.299, 0.587, 0.114] as const;

/**
 * Grey values of interleaved samples with 1 to 4 channels: grey, grey and alpha, RGB, RGBA. Colours become
 * 0.299 R + 0.587 G + 0.114 B of the stored values, so a grey picture stored as RGB keeps its values exactly. The
 * alpha channel is not looked at; `opaque` says whether that loses anything.
 */
export function greyOf(samples: Uint8Array | Uint16Array, channels: number): Float32Array {
  const grey = new Float32Array(samples.length / channels);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    const at = pixel * channels;
    const first = samples[at] as number; // inside: there are `channels` samples for each pixel
    if (channels < 3) grey[pixel] = first;
    else grey[pixel] = luma[0] * first + luma[1] * (samples[at + 1] as number) + luma[2] * (samples[at + 2] as number);
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
