import { imageVolume, type OutcomeLaw } from '../laws/outcome-law.js';
import type { TheoryLoss } from './theory-loss.js';

/**
 * Cross-entropy as the mean over the image's volume, in nats: Σ S_g CE(p̂_g, p_g) / Σ S_g. Its risk depends only on the
 * probabilities and is convex in each p̂, with its minimum at p̂ = p: the volume is unbiased. Eq. 8, 9.
 */
export const crossEntropyLoss: TheoryLoss = {
  name: 'crossEntropy',
  title: 'cross-entropy',
  batch: 1,
  needsOverlaps: false,
  risk: meanCrossEntropy,
  minimise: (law) => ({
    predictions: Float64Array.from(law.groupProbabilities),
    risk: meanCrossEntropy(law, law.groupProbabilities),
    certified: true,
    tie: false,
  }),
};

/** Expected mean cross-entropy over the image; ∞ if a group's prediction is certain and wrong. */
export function meanCrossEntropy(law: OutcomeLaw, predictions: Float64Array): number {
  let sum = 0;
  for (let g = 0; g < predictions.length; g++) {
    const volume = law.groupVolumes[g] as number;
    if (volume > 0) {
      sum += volume * binaryCrossEntropy(law.groupProbabilities[g] as number, predictions[g] as number);
    }
  }
  return sum / imageVolume(law);
}

/** CE(p̂, p) = −p log p̂ − (1 − p) log(1 − p̂) in nats, with 0 · log 0 = 0; ∞ for a certain, wrong p̂. Eq. 9. */
export function binaryCrossEntropy(probability: number, prediction: number): number {
  const inside = probability === 0 ? 0 : probability * Math.log(prediction);
  const outside = probability === 1 ? 0 : (1 - probability) * Math.log1p(-prediction);
  return 0 - inside - outside; // 0 − … instead of −…: a certain region costs 0, not −0
}
