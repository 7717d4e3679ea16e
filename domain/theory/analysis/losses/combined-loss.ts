import { DomainError } from '../../../domain-error.js';
import { certainVolume, imageVolume, uncertainGroups, uncertainVolume, type OutcomeLaw } from '../laws/outcome-law.js';
import { maximiseOnInterval, type IntervalPoint } from '../maximise-on-interval.js';
import { weightedSum } from '../../prediction/weighted-sum.js';
import { crossEntropyLoss, meanCrossEntropy } from './cross-entropy.js';
import { softDice } from './ratio-loss.js';
import type { Minimiser, TheoryLoss } from './theory-loss.js';
import { inCertain } from './uncertain-part.js';
import { weightsOver } from './weights-over.js';

/**
 * (1 − w) CE + w SD, with CE as the mean over the image's volume and w in [0, 1]; w = ½ has the same minimiser as CE +
 * SD.
 *
 * At a fixed predicted volume the score is linear and CE convex in the prediction, so each p̂ follows from one
 * multiplier. The best value is concave in the volume and convex in the worths; the volume is found by search as in
 * `ratioLoss`. Certain groups have p̂ = p. Background dilutes CE: the larger the image, the closer the minimiser is to
 * that of SD.
 */
export function combinedLoss(weight: number): TheoryLoss {
  if (!(weight >= 0 && weight <= 1)) {
    throw new DomainError('ARGUMENT_INVALID', `weight: expected a number in [0, 1] but found ${weight}`);
  }
  const dice = softDice();
  // Avoids 0 · ∞ for a loss without cross-entropy.
  const ofCrossEntropy = (law: OutcomeLaw, predictions: Float64Array): number =>
    weight < 1 ? (1 - weight) * meanCrossEntropy(law, predictions) : 0;
  const risk = (law: OutcomeLaw, predictions: Float64Array): number =>
    ofCrossEntropy(law, predictions) + weight * dice.risk(law, predictions);
  return {
    name: 'crossEntropySoftDice',
    title: `${round(1 - weight)} CE + ${round(weight)} soft Dice`,
    batch: 1,
    needsOverlaps: false,
    risk,
    outcomeLosses: (law, predictions) => {
      const constant = ofCrossEntropy(law, predictions);
      return dice.outcomeLosses(law, predictions).map((loss) => constant + weight * loss);
    },
    minimise: (law) => {
      const single = weight === 0 ? crossEntropyLoss : weight === 1 ? dice : undefined;
      if (single !== undefined) return single.minimise(law);
      return minimiseCombined(law, weight, risk);
    },
  };
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}

interface CombinedPoint extends IntervalPoint {
  readonly predictions: Float64Array;
}

function minimiseCombined(law: OutcomeLaw, weight: number, risk: TheoryLoss['risk']): Minimiser {
  const uncertain = uncertainGroups(law);
  if (uncertain.length === 0) {
    const predictions = Float64Array.from(law.groupProbabilities);
    return { predictions, risk: risk(law, predictions), certified: true, tie: false };
  }
  const cost = (1 - weight) / imageVolume(law);
  const core = certainVolume(law);
  const room = uncertainVolume(law);
  const worthOf = (worths: Float64Array, predictions: Float64Array): number =>
    2 * weight * weightedSum(worths, predictions);

  const { point, certified } = maximiseOnInterval<CombinedPoint>({
    // Cross-entropy's barrier keeps the minimum away from both ends.
    low: room * 1e-12,
    high: room * (1 - 1e-12),
    at: (x) => {
      const worths = law.presence(weightsOver(law, core + x, 1));
      const gains = law.groupVolumes.map((volume, g) => (2 * weight * (worths[g] as number)) / volume);
      const { predictions: shares, multiplier } = balance(law, uncertain, gains, cost, x);
      const predictions = inCertain(law, shares);
      return { x, value: -risk(law, predictions), slopeBelow: multiplier, slopeAbove: multiplier, predictions };
    },
    derivative: ({ x, slopeAbove, predictions }) =>
      slopeAbove - worthOf(law.presence(weightsOver(law, core + x, 2)), predictions),
  });
  return { predictions: point.predictions, risk: -point.value, certified, tie: false };
}

/**
 * Finds λ such that p̂_g, the root in (0, 1) of cost (p − q) / (q (1 − q)) = λ − gain_g, adds up to `room`. The root is
 * unique and decreases as λ grows.
 */
function balance(
  law: OutcomeLaw,
  groups: readonly number[],
  gains: Float64Array,
  cost: number,
  room: number,
): { predictions: Float64Array; multiplier: number } {
  const predictions = new Float64Array(law.groupVolumes.length);
  const givenOut = (multiplier: number): number => {
    let sum = 0;
    for (const g of groups) {
      const p = law.groupProbabilities[g] as number;
      const q = stationary(p, (multiplier - (gains[g] as number)) / cost);
      predictions[g] = q;
      sum += q * (law.groupVolumes[g] as number);
    }
    return sum;
  };
  let low = Math.max(...groups.map((g) => gains[g] as number));
  let high = low;
  for (let step = cost; givenOut(low) < room; step *= 2) low -= step;
  for (let step = cost; givenOut(high) > room; step *= 2) high += step;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (givenOut(middle) > room) low = middle;
    else high = middle;
  }
  givenOut(high);
  return { predictions, multiplier: high };
}

/** The root q in (0, 1) of (p − q) / (q (1 − q)) = r, in a form without cancellation. */
function stationary(p: number, r: number): number {
  const sum = r + 1;
  const root = Math.sqrt(Math.max(0, sum * sum - 4 * r * p));
  return sum > 0 ? (2 * p) / (sum + root) : (sum - root) / (2 * r);
}
