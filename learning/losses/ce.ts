import * as kernels from '../tensorflow/kernels.js';
import { entryCount } from '../tensorflow/tensors.js';
import { dispose, floatScalar, readFloats, type Tensor } from '../tensorflow/tensorflow.js';
import type { LossBatch, TensorLoss } from './tensor-loss.js';

/** `a` times `b` if `b` is given, in which case `a` is disposed. */
function masked(a: Tensor, mask: Tensor | undefined): Tensor {
  if (mask === undefined) return a;
  const result = kernels.combine('Mul', a, mask);
  dispose(a);
  return result;
}

/** Mean of log(1 + e^z) − zy over all voxels of the batch. */
function value({ logits, truth, mask }: LossBatch): number {
  const softplus = kernels.softplus(logits);
  const product = kernels.combine('Mul', logits, truth);
  const losses = masked(kernels.combine('Sub', softplus, product), mask);
  const total = kernels.sum(losses, [0, 1]);
  const result = (readFloats(total)[0] as number) / entryCount(logits.shape);
  dispose(softplus, product, losses, total);
  return result;
}

/** (σ(z) − y) / n. */
function gradient({ logits, truth, mask }: LossBatch): Tensor {
  const sigma = kernels.sigmoid(logits);
  const difference = masked(kernels.combine('Sub', sigma, truth), mask);
  const share = floatScalar(1 / entryCount(logits.shape));
  const result = kernels.combine('Mul', difference, share);
  dispose(sigma, difference, share);
  return result;
}

/**
 * Cross-entropy −mean[y log ŷ + (1−y) log(1−ŷ)] over all voxels of the batch, finite for every finite logit; range [0, ∞).
 * Outside the mask ŷ is 0 by rule and not by the network: such a voxel adds nothing to the sum and has gradient 0, but
 * counts in the mean, as a true 0 would. Source: Eq. 5, as mean instead of sum.
 */
export const crossEntropy: TensorLoss = {
  value,
  valueAndGradient: (batch) => ({ value: value(batch), gradient: gradient(batch) }),
};
