/** Percentiles between which an image is drawn: noise and single bright voxels shall not take the range. */
const window = { low: 0.005, high: 0.995 } as const;

/** The values at the window's percentiles of the whole image; 0 to 1 for an image of one value. */
export function intensityWindow(values: ArrayLike<number>): readonly [number, number] {
  const sorted = Float32Array.from(values).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const [low, high] = [at(window.low), at(window.high)];
  return high > low ? [low, high] : [low, low + 1];
}

/** Grey levels 0 to 255 of values between `low` and `high`; those beyond are black or white. */
export function greyLevels(values: Float32Array, [low, high]: readonly [number, number]): Uint8Array {
  return Uint8Array.from(values, (value) => Math.round(255 * Math.min(Math.max((value - low) / (high - low), 0), 1)));
}

/** Of the probabilities from 0.1, the share of those up to 0.9, with which a network leaves a pixel open; 0 if there are none. */
export function openShare(probabilities: Float32Array): number {
  let [open, all] = [0, 0];
  for (const probability of probabilities) {
    all += probability >= 0.1 ? 1 : 0;
    open += probability >= 0.1 && probability <= 0.9 ? 1 : 0;
  }
  return all === 0 ? 0 : open / all;
}
