import type { SoftDiceSettings } from '../../../../domain/training/losses/sd.js';
import type { LossImage, LossValue } from './loss-image.js';

/**
 * Soft Dice loss of logits z with ŷ = 1/(1 + e^−z), and its gradient in the logits: the definition that the tensor form
 * is held to, in double precision and with no line in common.
 *
 * SD = 1 − N/D with N = 2Σŷy + ε and D = Σŷ + Σy + ε, of each image or of the batch (Eq. 6), over the voxels whose mask
 * is not 0. With ŷ' = ŷ(1 − ŷ), the quotient rule gives ∂SD/∂z = −(2y·D − N)/D² · ŷ' there.
 */
export function softDiceReference(images: readonly LossImage[], settings: SoftDiceSettings): LossValue {
  const predictions = images.map(({ logits, mask }) =>
    Array.from(logits, (z, i) => (mask?.[i] === 0 ? 0 : 1 / (1 + Math.exp(-z)))),
  );
  const parts = images.map(({ truth, mask }, index) => {
    const p = predictions[index] as number[];
    const y = Array.from(truth, (value, i) => (mask?.[i] === 0 ? 0 : value));
    return {
      numerator: p.reduce((sum, value, i) => sum + 2 * value * (y[i] as number), 0),
      denominator: p.reduce((sum, value, i) => sum + value + (y[i] as number), 0),
    };
  });
  const byImage = settings.reduction === 'image';
  const whole = (key: 'numerator' | 'denominator'): number => parts.reduce((sum, part) => sum + part[key], 0);
  const losses = (byImage ? parts : [{ numerator: whole('numerator'), denominator: whole('denominator') }]).map(
    (part) => ({ numerator: part.numerator + settings.epsilon, denominator: part.denominator + settings.epsilon }),
  );
  const value =
    losses.reduce((sum, { numerator, denominator }) => sum + 1 - numerator / denominator, 0) / losses.length;
  const gradients = images.map(({ truth }, index) => {
    const { numerator, denominator } = losses[byImage ? index : 0] as (typeof losses)[number];
    return Float64Array.from(predictions[index] as number[], (p, i) => {
      const quotient = (2 * (truth[i] as number) * denominator - numerator) / denominator ** 2;
      return (-quotient * p * (1 - p)) / losses.length;
    });
  });
  return { value, gradients };
}
