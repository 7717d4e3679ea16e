import * as kernels from '../tensorflow/kernels.js';
import { entryCount } from '../tensorflow/tensors.js';
import { dispose, floatScalar, readFloats, type Tensor } from '../tensorflow/tensorflow.js';
import { masked } from './counted.js';
import type { LossBatch, TensorLoss } from './tensor-loss.js';

/** Sum of log(1 + e^z) − zy over the counted voxels, divided by the number of all. */
function value({ logits, truth, mask }: LossBatch): number {
  const softplus = kernels.softplus(logits);
  const product = kernels.combine('Mul', logits, truth);
  const losses = masked(kernels.combine('Sub', softplus, product), mask);
  const total = kernels.sum(losses, [0, 1]);
  const result = (readFloats(total)[0] as number) / entryCount(logits.shape);
  dispose(softplus, product, losses, total);
  return result;
}

/** (σ(z) − y) / n at counted voxels, with n the number of all. */
function gradient({ logits, truth, mask }: LossBatch): Tensor {
  const sigma = kernels.sigmoid(logits);
  const difference = masked(kernels.combine('Sub', sigma, truth), mask);
  const share = floatScalar(1 / entryCount(logits.shape));
  const result = kernels.combine('Mul', difference, share);
  dispose(sigma, difference, share);
  return result;
}

/**
 * Cross-entropy −Σ[y log ŷ + (1−y) log(1−ŷ)] / n, finite for every finite logit; range [0, ∞), 0 without a counted
 * voxel. The sum runs over the counted voxels of the batch. n is the number of all its voxels, the same for every batch
 * of as many cases, so that each counted voxel of each case has the same weight, as in the sum of Eq. 5. (Dividing by the
 * number of counted voxels would give those of small images more weight, and bias the mean volume of a network that
 * cannot reach p̂ = p.)
 */
export const crossEntropy: TensorLoss = {
  value,
  valueAndGradient: (batch) => ({ value: value(batch), gradient: gradient(batch) }),
};
