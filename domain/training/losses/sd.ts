import type { LossImage, LossValue } from './loss-image.js';

export interface SoftDiceSettings {
  /** ε > 0, added to numerator and denominator. */
  readonly epsilon: number;
  /** `image`: mean of the losses of the images; `batch`: one loss over the voxels of all images together. */
  readonly reduction: 'image' | 'batch';
}

/** The three sums of Eq. 6 over one image or one batch. */
export interface SoftDiceSums {
  /** Σ ŷy */
  readonly overlap: number;
  /** Σ ŷ */
  readonly predicted: number;
  /** Σ y */
  readonly truth: number;
}

/**
 * Soft Dice loss SD = 1 − (2Σŷy + ε) / (Σŷ + Σy + ε) from the given sums, and its derivative with respect to ŷ, which
 * is `slope`·y + `offset` for every voxel. Range [0, 1); the ε makes it 0 where truth and prediction are both empty.
 * Source: Eq. 6.
 */
export function softDiceFromSums(
  sums: SoftDiceSums,
  epsilon: number,
): { readonly value: number; readonly slope: number; readonly offset: number } {
  const numerator = 2 * sums.overlap + epsilon;
  const denominator = sums.predicted + sums.truth + epsilon;
  return { value: 1 - numerator / denominator, slope: -2 / denominator, offset: numerator / denominator ** 2 };
}

/**
 * Soft Dice loss of logits z with ŷ = 1/(1 + e^−z), and its gradient with respect to the logits.
 *
 * Where a mask is 0, ŷ is forced to 0: the voxel does not contribute to the sums of ŷ and has gradient 0. Its truth
 * still counts in Σy, because a structure outside the mask is missed. Double precision throughout; the reference for
 * the tensor implementation. Not the Dice score of a thresholded mask. Source: Eq. 6.
 */
export function softDiceReference(images: readonly LossImage[], settings: SoftDiceSettings): LossValue {
  const predictions = images.map(predicted);
  const sums = images.map((image, index) => sumsOf(image, predictions[index] as Float64Array));
  const groups = settings.reduction === 'image' ? sums : images.map(() => total(sums));
  const results = groups.map((group) => softDiceFromSums(group, settings.epsilon));
  const weight = settings.reduction === 'image' ? 1 / images.length : 1;
  const value = results.reduce((sum, result) => sum + result.value, 0) / images.length;
  const gradients = images.map((image, index) => {
    const { slope, offset } = results[index] as (typeof results)[number];
    // The mask m is 0 or 1, so m ŷ (1 − m ŷ) is the derivative of m ŷ with respect to z: the masked prediction serves
    // for both.
    return (predictions[index] as Float64Array).map(
      (p, i) => weight * (slope * (image.truth[i] as number) + offset) * p * (1 - p),
    );
  });
  return { value, gradients };
}

function predicted({ logits, mask }: LossImage): Float64Array {
  return Float64Array.from(logits, (z, i) => (mask !== undefined && mask[i] === 0 ? 0 : 1 / (1 + Math.exp(-z))));
}

function sumsOf(image: LossImage, prediction: Float64Array): SoftDiceSums {
  let overlap = 0;
  let sum = 0;
  let truth = 0;
  for (let i = 0; i < prediction.length; i++) {
    const p = prediction[i] as number;
    const y = image.truth[i] as number;
    overlap += p * y;
    sum += p;
    truth += y;
  }
  return { overlap, predicted: sum, truth };
}

function total(sums: readonly SoftDiceSums[]): SoftDiceSums {
  return sums.reduce((a, b) => ({
    overlap: a.overlap + b.overlap,
    predicted: a.predicted + b.predicted,
    truth: a.truth + b.truth,
  }));
}
