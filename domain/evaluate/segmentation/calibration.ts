/** Number of bins of the expected calibration error: of equal width, as in Metrics Reloaded. */
export const calibrationBins = 10;

/** How well probabilities agree with what was observed, over all voxels of an image. */
export interface Calibration {
  /** ECE, in [0, 1]. */
  readonly expectedCalibrationError: number;
  /** In [0, 1]. */
  readonly brierScore: number;
}

/**
 * The expected calibration error Σ_b |Σ ŷ − Σ y| / n over the bins b of predicted probability: [0, 0.1), [0.1, 0.2), …,
 * [0.9, 1], with the sums over a bin's voxels and n the number of all voxels; and the Brier score Σ (ŷ − y)² / n (of one
 * class: Metrics Reloaded adds up both, which doubles it). Sums are in double precision. Empty truths and predictions need no
 * rule. `truth` and `predicted` have the same length, at least 1, and values in [0, 1].
 *
 * Both are means over the image, so they become smaller when background is added around the structure: compare them on the
 * same images only.
 */
export function calibrationOf(truth: ArrayLike<number>, predicted: ArrayLike<number>): Calibration {
  const excess = new Float64Array(calibrationBins);
  let squares = 0;
  for (let i = 0; i < truth.length; i++) {
    const probability = predicted[i] as number; // in range, as is the next
    const error = probability - (truth[i] as number);
    if (error === 0) continue;
    squares += error * error;
    const bin = calibrationBin(probability);
    excess[bin] = (excess[bin] as number) + error;
  }
  return {
    expectedCalibrationError: excess.reduce((sum, ofBin) => sum + Math.abs(ofBin), 0) / truth.length,
    brierScore: squares / truth.length,
  };
}

/** The bin of a probability: 0 for [0, 0.1), …, 9 for [0.9, 1]. */
export function calibrationBin(probability: number): number {
  return Math.min(Math.floor(probability * calibrationBins), calibrationBins - 1);
}
