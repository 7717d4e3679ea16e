import { errorVolumes } from '../laws/error-volumes.js';
import { certainVolume, predictedVolume, uncertainVolume, type OutcomeLaw } from '../laws/outcome-law.js';
import { maximiseOnInterval, type IntervalPoint } from '../maximise-on-interval.js';
import { weightedSum } from '../../prediction/weighted-sum.js';
import { inCertain, onlyUncertain } from './uncertain-part.js';
import { weightsOver } from './weights-over.js';
import { withCorners, type Minimiser, type TheoryLoss } from './theory-loss.js';

/**
 * V-Net's soft Dice with squares in the denominator: 1 − 2 Σŷy / (Σŷ² + Σy) (y is 0 or 1, so y² = y), as the mean over
 * outcomes; 0 if both are empty. Source: Milletari et al. 2016.
 *
 * At a fixed sum of squares Q = Σ S_g p̂_g² the score is linear in the prediction, and the best p̂_g is min(1, worth_g
 * / ν), with worth per volume and one multiplier ν: predictions are fractions, not corners. Q is found by search, as in
 * `ratioLoss`, beyond the certain core: with Q' and B the uncertain part of Q and of the truth, the score of an outcome
 * increases with the core's q up to q = 1, because Σ X (q̂² − 2 q q̂ + 1) ≥ 0.
 */
export const squaredSoftDice: TheoryLoss = {
  name: 'softDiceSquared',
  title: 'soft Dice, squared denominator',
  batch: 1,
  needsOverlaps: false,
  risk: (law, predictions) => weightedSum(outcomeLosses(law, predictions), law.weights),
  outcomeLosses,
  minimise,
};

function outcomeLosses(law: OutcomeLaw, predictions: Float64Array): Float64Array {
  const squares = predictions.map((q) => q * q);
  const volume = predictedVolume(law, squares);
  // Σŷ² + Σy − 2 Σŷy = Σ(1 − ŷ)² y + Σŷ² (1 − y).
  const { missed, surplus } = errorVolumes(
    law,
    predictions.map((q) => (1 - q) ** 2),
    squares,
  );
  return law.truthVolumes.map((truth, a) => {
    const size = volume + truth;
    return size === 0 ? 0 : ((missed[a] as number) + (surplus[a] as number)) / size;
  });
}

interface SquaredPoint extends IntervalPoint {
  readonly predictions: Float64Array;
}

function minimise(law: OutcomeLaw): Minimiser {
  const high = uncertainVolume(law);
  if (high === 0) {
    const certain = inCertain(law, new Float64Array(law.groupVolumes.length));
    return { ...withCorners(squaredSoftDice, law, certain), certified: true };
  }
  const core = certainVolume(law);
  const volumes = onlyUncertain(law, law.groupVolumes);
  const { point, certified } = maximiseOnInterval<SquaredPoint>({
    // Below this sum of squares p̂ is at most 10⁻⁶: no uncertain volume at all, which is tried too, is about as good.
    low: high * 1e-12,
    high,
    at: (x) => {
      const worths = onlyUncertain(law, law.presence(weightsOver(law, core + x, 1)));
      const { predictions: shares, multiplier } = shareOut(worths, volumes, x);
      const predictions = inCertain(law, shares);
      const value = -squaredSoftDice.risk(law, predictions);
      return { x, value, slopeBelow: multiplier, slopeAbove: multiplier, predictions };
    },
    derivative: ({ x, slopeAbove, predictions }) => {
      const worths = law.presence(weightsOver(law, core + x, 2));
      return slopeAbove - 2 * weightedSum(worths, predictions);
    },
  });
  return { ...withCorners(squaredSoftDice, law, point.predictions), certified };
}

/** Maximises Σ q worth subject to Σ S q² = squares, 0 ≤ q ≤ 1: q = min(1, density / ν), capping those above ν first. */
function shareOut(
  worths: Float64Array,
  groupVolumes: Float64Array,
  squares: number,
): { predictions: Float64Array; multiplier: number } {
  const densities = worths.map((worth, g) =>
    (groupVolumes[g] as number) > 0 ? worth / (groupVolumes[g] as number) : 0,
  );
  const order = Array.from(densities.keys()).filter((g) => (densities[g] as number) > 0);
  order.sort((a, b) => (densities[b] as number) - (densities[a] as number));
  const energy = (g: number): number => (groupVolumes[g] as number) * (densities[g] as number) ** 2;
  let free = order.reduce((sum, g) => sum + energy(g), 0);
  let left = squares;
  let multiplier = Math.sqrt(free / left);
  for (const g of order) {
    if ((densities[g] as number) <= multiplier) break;
    // g is capped at 1; the remainder is shared among the other groups.
    left -= groupVolumes[g] as number;
    free -= energy(g);
    multiplier = left > 0 && free > 0 ? Math.sqrt(free / left) : 0;
  }
  const least = densities[order.at(-1) ?? 0] ?? 0;
  if (multiplier <= 0) multiplier = least;
  return { predictions: densities.map((density) => Math.min(1, density / multiplier)), multiplier };
}
