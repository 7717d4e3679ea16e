import type { UncertainVolume } from './soft-dice-risks.js';
import { weightedSum } from './weighted-sum.js';

/**
 * The logit that minimises the risk of the Lovász hinge if all of the uncertain volume U shares it and everything certain
 * has an error of 0: −1, 0 or 1.
 *
 * In an outcome with the part B in the structure, the U − B others have the error 1 + z and the B the error 1 − z, down to
 * 0. For 0 ≤ z ≤ 1 the others come first, so the loss is [(1 + z) (U − B) + (1 − z) B] / (C + U); for −1 ≤ z ≤ 0 it is (1
 * − z) B / (C + B) + (1 + z) (U / (C + U) − B / (C + B)); beyond ±1 it rises. The risk is convex and has its kinks at −1,
 * 0 and 1: the minimum is at 1 if p > ½, at −1 if the mean of B / (C + B) is below ½ U / (C + U), and at 0 between. In a
 * tie, the logit nearer to 0.
 */
export function lovaszHingeLogit({
  coreVolume: c,
  uncertainVolume: u,
  presentVolumes,
  weights,
}: UncertainVolume): -1 | 0 | 1 {
  if (2 * weightedSum(presentVolumes, weights) > u) return 1;
  const shares = Float64Array.from(presentVolumes, (present) => (present === 0 ? 0 : present / (c + present)));
  return 2 * weightedSum(shares, weights) < u / (c + u) ? -1 : 0;
}
