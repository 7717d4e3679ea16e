import * as kernels from '../tensorflow/kernels.js';
import { dispose, type Tensor } from '../tensorflow/tensorflow.js';
import type { LossBatch } from './tensor-loss.js';

/** `a`, or `a` times the mask if there is one, in which case `a` is disposed. */
export function masked(a: Tensor, mask: Tensor | undefined): Tensor {
  if (mask === undefined) return a;
  const result = kernels.combine('Mul', a, mask);
  dispose(a);
  return result;
}

/** ŷ = σ(z), 0 at voxels that do not count. */
export function countedPrediction({ logits, mask }: LossBatch): Tensor {
  return masked(kernels.sigmoid(logits), mask);
}

/** Hands `work` a function that takes charge of tensors: it returns them, and they are disposed afterwards. */
export function withTensors<T>(work: (own: (tensor: Tensor) => Tensor) => T): T {
  const owned: Tensor[] = [];
  try {
    return work((tensor) => {
      owned.push(tensor);
      return tensor;
    });
  } finally {
    dispose(...owned);
  }
}
