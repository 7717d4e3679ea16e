import type { LossImage, LossValue } from './loss-image.js';

/**
 * Cross-entropy CE = −Σ[y log ŷ + (1−y) log(1−ŷ)] / n over the counted voxels of all images, with n the number of all
 * their voxels, and its gradient with respect to the logits.
 *
 * `logits` z are any finite numbers with ŷ = 1/(1 + e^−z); `truth` is 0 or 1. Computed as max(z, 0) − zy +
 * log(1 + e^−|z|), so it is finite for every finite z; range [0, ∞). Where a mask is 0, a voxel adds nothing to the sum
 * and has gradient 0. Double precision throughout: the definition that the tensor form is held to. Source: Eq. 5, over a
 * constant n.
 */
export function crossEntropyReference(images: readonly LossImage[]): LossValue {
  const count = images.reduce((sum, image) => sum + image.logits.length, 0);
  let sum = 0;
  const gradients = images.map(({ logits, truth, mask }) => {
    const gradient = new Float64Array(logits.length);
    for (let i = 0; i < logits.length; i++) {
      if (mask !== undefined && mask[i] === 0) continue;
      const z = logits[i] as number;
      const y = truth[i] as number;
      sum += Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)));
      gradient[i] = (1 / (1 + Math.exp(-z)) - y) / count;
    }
    return gradient;
  });
  return { value: sum / count, gradients };
}
