import { binaryCrossEntropy } from '../equations.js';
import { imageVolume, type OutcomeLaw } from '../laws/outcome-law.js';
import type { TheoryLoss } from './theory-loss.js';

/**
 * Cross-entropy as the mean over the image's volume, in nats: Σ S_g CE(p̂_g, p_g) / Σ S_g. Its risk needs the
 * probabilities alone and is convex in each p̂, with its minimum at p̂ = p: the volume is unbiased. Eq. 8, 9.
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
  }),
};

/** E of the mean cross-entropy over the image; ∞ where a group is predicted surely and wrongly. */
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
