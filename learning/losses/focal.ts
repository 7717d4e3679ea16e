import * as kernels from '../tensorflow/kernels.js';
import { entryCount } from '../tensorflow/tensors.js';
import { floatScalar, readFloats, type Tensor } from '../tensorflow/tensorflow.js';
import { masked, withTensors } from './counted.js';
import type { LossBatch, TensorLoss } from './tensor-loss.js';

/** The parts of the loss of a voxel with truth 1, from its logit; with the logit negated, those of a voxel with truth 0. */
interface OneSide {
  /** ŷ, and (1 − ŷ)^γ */
  readonly right: Tensor;
  readonly factor: Tensor;
  /** −ln ŷ */
  readonly surprise: Tensor;
  /** 1 − ŷ */
  readonly wrong: Tensor;
}

type Own = (tensor: Tensor) => Tensor;

function sides({ logits }: LossBatch, gamma: number, own: Own): { inside: OneSide; outside: OneSide } {
  const negated = own(kernels.unary('Neg', logits));
  // 1 − ŷ as σ(−z), which keeps its digits where ŷ is almost 1.
  const [prediction, complement] = [own(kernels.sigmoid(logits)), own(kernels.sigmoid(negated))];
  const exponent = own(floatScalar(gamma));
  const side = (right: Tensor, wrong: Tensor, away: Tensor): OneSide => ({
    right,
    wrong,
    factor: own(kernels.combine('Pow', wrong, exponent)),
    surprise: own(kernels.softplus(away)),
  });
  return { inside: side(prediction, complement, negated), outside: side(complement, prediction, logits) };
}

/** y · inside + (1 − y) · outside at counted voxels, 0 elsewhere. */
function mixed(inside: Tensor, outside: Tensor, { truth, mask }: LossBatch, own: Own): Tensor {
  const one = own(floatScalar(1));
  const rest = own(kernels.combine('Sub', one, truth));
  const parts = [own(kernels.combine('Mul', truth, inside)), own(kernels.combine('Mul', rest, outside))] as const;
  const sum = kernels.combine('AddV2', ...parts);
  return own(masked(sum, mask));
}

/** (1 − ŷ)^γ (−ln ŷ) */
function lossOf({ factor, surprise }: OneSide, own: Own): Tensor {
  return own(kernels.combine('Mul', factor, surprise));
}

/** (1 − ŷ)^γ (1 − ŷ − γ ŷ ln ŷ): how fast the loss falls as the logit moves towards the truth. */
function steepnessOf({ right, wrong, factor, surprise }: OneSide, gamma: number, own: Own): Tensor {
  const scale = own(floatScalar(gamma));
  const product = own(kernels.combine('Mul', own(kernels.combine('Mul', right, surprise)), scale));
  return own(kernels.combine('Mul', factor, own(kernels.combine('AddV2', product, wrong))));
}

function evaluate(batch: LossBatch, gamma: number, own: Own): { value: number; sides: ReturnType<typeof sides> } {
  const both = sides(batch, gamma, own);
  const losses = mixed(lossOf(both.inside, own), lossOf(both.outside, own), batch, own);
  const total = readFloats(own(kernels.sum(losses, [0, 1])))[0] as number;
  return { value: total / entryCount(batch.logits.shape), sides: both };
}

/**
 * Focal loss −Σ [y (1 − ŷ)^γ ln ŷ + (1 − y) ŷ^γ ln(1 − ŷ)] / n over the counted voxels, with n the number of all voxels of
 * the batch, as in cross-entropy, which it is for γ = 0. γ ≥ 0. Finite for every finite logit; range [0, ∞). Source: Lin
 * et al. 2017, without their α.
 */
export function focal(gamma: number): TensorLoss {
  return {
    value: (batch) => withTensors((own) => evaluate(batch, gamma, own).value),
    valueAndGradient: (batch) =>
      withTensors((own) => {
        const { value, sides: both } = evaluate(batch, gamma, own);
        const inside = own(kernels.unary('Neg', steepnessOf(both.inside, gamma, own)));
        const slope = mixed(inside, steepnessOf(both.outside, gamma, own), batch, own);
        const share = own(floatScalar(1 / entryCount(batch.logits.shape)));
        return { value, gradient: kernels.combine('Mul', slope, share) };
      }),
  };
}
