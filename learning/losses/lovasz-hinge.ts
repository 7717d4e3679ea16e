import { lovaszHingeInto } from '../../domain/training/losses/lovasz-hinge.js';
import { floatTensor, readFloats } from '../tensorflow/tensorflow.js';
import type { LossBatch, TensorLoss } from './tensor-loss.js';

/** Computes on the host: it sorts voxels, and after a few steps only those near the boundary. */
function evaluate({ logits, truth, mask }: LossBatch): { value: number; gradient: Float32Array } {
  const [cases = 0, voxels = 0] = logits.shape;
  const [z, y] = [readFloats(logits), readFloats(truth)];
  const counted = mask === undefined ? undefined : readFloats(mask);
  const gradient = new Float32Array(z.length);
  let sum = 0;
  for (let one = 0; one < cases; one++) {
    const part = (values: Float32Array): Float32Array => values.subarray(one * voxels, (one + 1) * voxels);
    const image = { logits: part(z), truth: part(y), ...(counted !== undefined && { mask: part(counted) }) };
    sum += lovaszHingeInto(image, part(gradient));
  }
  return { value: sum / cases, gradient: gradient.map((slope) => slope / cases) };
}

/** Mean over the images of the Lovász hinge (`lovaszHingeInto`). */
export const lovaszHinge: TensorLoss = {
  value: (batch) => evaluate(batch).value,
  valueAndGradient: (batch) => {
    const { value, gradient } = evaluate(batch);
    return { value, gradient: floatTensor(batch.logits.shape, gradient) };
  },
};
