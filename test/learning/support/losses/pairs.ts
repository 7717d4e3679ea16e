import assert from 'node:assert/strict';

import { lossName, type LossChoice } from '../../../../domain/training/losses/loss-choice.js';
import { crossEntropy } from '../../../../learning/losses/ce.js';
import { chooseLoss } from '../../../../learning/losses/choose-loss.js';
import { softDice } from '../../../../learning/losses/sd.js';
import type { TensorLoss } from '../../../../learning/losses/tensor-loss.js';
import { dispose, floatTensor, readFloats } from '../../../../learning/tensorflow/tensorflow.js';
import { crossEntropyReference } from './ce.js';
import {
  crossEntropySoftDiceFormula,
  diceSemimetricFormula,
  focalFormula,
  generalisedDiceFormula,
  lovaszHingeFormula,
  squaredSoftDiceFormula,
  tverskyFormula,
  withGradient,
} from './formulas.js';
import type { LossImage, LossValue } from './loss-image.js';
import { softDiceReference } from './sd.js';

/** A tensor form, and the reference that it must agree with. */
export interface LossPair {
  readonly name: string;
  readonly tensor: TensorLoss;
  readonly reference: (images: readonly LossImage[]) => LossValue;
}

export const chosen = (loss: LossChoice): TensorLoss => chooseLoss(loss, {});

/** Those that accept truths from 0 to 1. */
export const softPairs: readonly LossPair[] = [
  { name: 'cross-entropy', tensor: crossEntropy, reference: crossEntropyReference },
  ...(['image', 'batch'] as const).map((reduction) => ({
    name: `soft Dice by ${reduction}`,
    tensor: softDice({ epsilon: 1e-7, reduction }),
    reference: (images: readonly LossImage[]) => softDiceReference(images, { epsilon: 1e-7, reduction }),
  })),
  {
    name: 'batchSd',
    tensor: chosen('batchSd'),
    reference: (images) => softDiceReference(images, { epsilon: 1e-7, reduction: 'batch' }),
  },
  {
    name: 'smoothedSd',
    tensor: chosen({ kind: 'smoothedSd', epsilon: 3 }),
    reference: (images) => softDiceReference(images, { epsilon: 3, reduction: 'image' }),
  },
  ...(
    [
      ['squaredSd', squaredSoftDiceFormula],
      ['softJaccard', tverskyFormula(1, 1)],
      ['generalisedDice', generalisedDiceFormula],
      ['diceSemimetric', diceSemimetricFormula],
      [{ kind: 'tversky', alpha: 0.3, beta: 0.7 }, tverskyFormula(0.3, 0.7)],
      [{ kind: 'tversky', alpha: 1.5, beta: 0.2 }, tverskyFormula(1.5, 0.2)],
      [{ kind: 'focal', gamma: 2 }, focalFormula(2)],
      [{ kind: 'focal', gamma: 0.5 }, focalFormula(0.5)],
      [{ kind: 'ceSd', weight: 0.3 }, crossEntropySoftDiceFormula(0.3)],
    ] as const
  ).map(([loss, formula]) => ({ name: lossName(loss), tensor: chosen(loss), reference: withGradient(formula) })),
];

/** Accepts truths of 0 and 1 only. */
export const lovasz: LossPair = {
  name: 'lovaszHinge',
  tensor: chosen('lovaszHinge'),
  reference: withGradient(lovaszHingeFormula),
};

/** Value and gradient of a tensor form; images of equal length. */
export function tensorValue(loss: TensorLoss, images: readonly LossImage[]): { value: number; gradient: Float32Array } {
  const stack = (values: readonly ArrayLike<number>[]): ReturnType<typeof floatTensor> =>
    floatTensor(
      [images.length, images[0]?.logits.length ?? 0],
      Float32Array.from(values.flatMap((one) => Array.from(one))),
    );
  const logits = stack(images.map((one) => one.logits));
  const truth = stack(images.map((one) => one.truth));
  const masks = images.map((one) => one.mask);
  const mask = masks.some((one) => one === undefined) ? undefined : stack(masks as ArrayLike<number>[]);
  const input = { logits, truth, ...(mask === undefined ? {} : { mask }) };
  const { value, gradient } = loss.valueAndGradient(input);
  assert.equal(value, loss.value(input));
  const result = { value, gradient: readFloats(gradient) };
  dispose(logits, truth, mask, gradient);
  return result;
}

/** That value and gradient of both forms agree to the precision of the tensors. */
export function assertAgreement({ tensor, reference }: LossPair, images: readonly LossImage[]): void {
  const expected = reference(images);
  const actual = tensorValue(tensor, images);
  assert.ok(Math.abs(actual.value - expected.value) <= 2e-6 * Math.max(1, expected.value));
  const gradient = expected.gradients.flatMap((one) => [...one]);
  // With an almost empty truth and prediction the derivative in ŷ is of the order of 1/ε, but ŷ is as small.
  gradient.forEach((value, index) => {
    const difference = Math.abs((actual.gradient[index] as number) - value);
    assert.ok(difference <= 2e-6 + 1e-4 * Math.abs(value), `${String(actual.gradient[index])} ${String(value)}`);
  });
}
