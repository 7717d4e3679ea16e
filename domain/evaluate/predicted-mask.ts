/**
 * The predicted mask: 1 where ŷ > threshold, so a tie is background. Both are compared in single precision, in which
 * networks predict: the ŷ nearest to 0.3 is above a double 0.3.
 */
export function predictedMask(probabilities: Float32Array, threshold: number): Uint8Array {
  const tie = Math.fround(threshold);
  const mask = new Uint8Array(probabilities.length);
  for (let i = 0; i < mask.length; i++) if ((probabilities[i] as number) > tie) mask[i] = 1; // in range
  return mask;
}
