import { imageVolume, type OutcomeLaw } from '../laws/outcome-law.js';
import { assertNotNegative } from './loss-settings.js';
import type { TheoryLoss } from './theory-loss.js';

/**
 * Focal loss −p (1 − p̂)^γ log p̂ − (1 − p) p̂^γ log(1 − p̂) as the mean over the image's volume, γ ≥ 0 (γ = 0 is
 * cross-entropy). Separable like cross-entropy, but not proper for γ > 0: the minimiser equals p only at p = ½ (and at
 * 0 and 1) and lies between p and ½ elsewhere, so improbable regions are overestimated. Source: Lin et al. 2017;
 * uniqueness of the stationary point: Charoenphakdee et al. 2021. Its only parameter is γ.
 */
export function focalLoss(gamma: number): TheoryLoss {
  assertNotNegative(gamma, 'focal');
  const risk = (law: OutcomeLaw, predictions: Float64Array): number => {
    let sum = 0;
    for (let g = 0; g < predictions.length; g++) {
      const p = law.groupProbabilities[g] as number;
      const q = predictions[g] as number;
      const inside = p === 0 ? 0 : -p * Math.pow(1 - q, gamma) * Math.log(q);
      const outside = p === 1 ? 0 : -(1 - p) * Math.pow(q, gamma) * Math.log1p(-q);
      if ((law.groupVolumes[g] as number) > 0) sum += (law.groupVolumes[g] as number) * (inside + outside);
    }
    return sum / imageVolume(law);
  };
  return {
    name: 'focal',
    title: `focal (γ = ${gamma})`,
    batch: 1,
    needsOverlaps: false,
    risk,
    minimise: (law) => {
      const predictions = law.groupProbabilities.map((probability) => focalMinimiser(probability, gamma));
      return { predictions, risk: risk(law, predictions), certified: true, tie: false };
    },
  };
}

/** The p̂ in [0, 1] that minimises the focal risk of one region with probability p, up to rounding. */
function focalMinimiser(probability: number, gamma: number): number {
  if (probability === 0 || probability === 1 || gamma === 0) return probability;
  let low = 0;
  let high = 1;
  for (let i = 0; i < 200 && high - low > Number.EPSILON * high; i++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    // Compares the weighted slopes of the two outcomes: the risk decreases while p's exceeds that of 1 − p.
    const falls = probability * slope(middle, gamma) > (1 - probability) * slope(1 - middle, gamma);
    if (falls) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** −d/dv of (1 − v)^γ (−log v): the rate at which the loss of a true voxel decreases as its p̂ = v grows; positive. */
function slope(v: number, gamma: number): number {
  return Math.pow(1 - v, gamma) / v - gamma * Math.pow(1 - v, gamma - 1) * Math.log(v);
}
