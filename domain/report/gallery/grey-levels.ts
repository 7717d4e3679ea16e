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
