import { errorVolumes } from '../laws/error-volumes.js';
import { certainVolume, imageVolume, predictedVolume, uncertainVolume, type OutcomeLaw } from '../laws/outcome-law.js';
import { maximiseOnInterval, type IntervalPoint } from '../maximise-on-interval.js';
import { fillByWorth, kinksOfFilling } from './knapsack.js';
import { withCorners, type Minimiser, type TheoryLoss } from './theory-loss.js';
import { inCertain, onlyUncertain } from './uncertain-part.js';
import { weightedSum } from '../../prediction/weighted-sum.js';

/**
 * Generalised Dice over structure and background, 1 − 2 Σ_l w_l Σ r p / Σ_l w_l Σ (r + p), with each class weighted by
 * w_l = 1 / (its true volume)² in each outcome. Source: Sudre et al. 2017. Depends on the image's volume, so pass the
 * background as a region. An empty class has infinite weight: the score is then 1 if that class is predicted empty,
 * otherwise 0.
 *
 * With t, v, i the truth, predicted and overlap volumes as shares of the image, the score is [2 ((1−t)² + t²) i + 2 t²
 * (1−t−v)] / [(v+t)(1−t)² + (2−v−t) t²], and one minus it ((1−t)² + t²) (v+t−2i) over the same. It is linear in the
 * prediction at fixed v, hence a knapsack problem as in `ratioLoss`, with the certain core filled first (v + t − i, a
 * union, is at most 1); the second part is concave in v for t > ½, which the bound takes into account.
 */
export const generalisedDice: TheoryLoss = {
  name: 'generalisedDice',
  title: 'generalised Dice',
  batch: 1,
  needsOverlaps: false,
  risk: (law, predictions) => weightedSum(outcomeLosses(law, predictions), law.weights),
  outcomeLosses,
  minimise,
};

interface DicePoint extends IntervalPoint {
  readonly predictions: Float64Array;
}

/** Denominator as slope · v + constant, and the two factors of the numerator, for truth share t. */
function terms(t: number): { slope: number; constant: number; overlap: number; rest: number } {
  const inside = t * t;
  const outside = (1 - t) * (1 - t);
  return {
    slope: outside - inside,
    constant: t * outside + (2 - t) * inside,
    overlap: 2 * (outside + inside),
    rest: 2 * inside,
  };
}

function truthShares(law: OutcomeLaw): Float64Array {
  const image = imageVolume(law);
  return law.truthVolumes.map((volume) => Math.min(1, volume / image));
}

function outcomeLosses(law: OutcomeLaw, predictions: Float64Array): Float64Array {
  const image = imageVolume(law);
  const v = Math.min(1, predictedVolume(law, predictions) / image);
  const missing = predictions.map((q) => 1 - q);
  const { missed, surplus } = errorVolumes(law, missing, predictions);
  return truthShares(law).map((t, a) => {
    const { slope, constant, overlap } = terms(t);
    const size = slope * v + constant;
    const wrong = ((missed[a] as number) + (surplus[a] as number)) / image;
    return size === 0 ? 0 : (overlap * wrong) / (2 * size);
  });
}

function minimise(law: OutcomeLaw): Minimiser {
  const image = imageVolume(law);
  const truth = truthShares(law);
  const core = certainVolume(law) / image;
  const shares = onlyUncertain(law, law.groupVolumes).map((volume) => volume / image);

  const { point, certified } = maximiseOnInterval<DicePoint>({
    low: 0,
    high: uncertainVolume(law) / image,
    at: (x) => {
      const perOverlap = truth.map((t, a) => {
        const { slope, constant, overlap } = terms(t);
        return overlap * safely(law.weights[a] as number, slope * (core + x) + constant);
      });
      const worths = law.presence(perOverlap).map((worth) => worth / image);
      const { slopeBelow, slopeAbove, ...filling } = fillByWorth(onlyUncertain(law, worths), shares, x);
      const predictions = inCertain(law, filling.predictions);
      return { x, slopeBelow, slopeAbove, predictions, value: -generalisedDice.risk(law, predictions) };
    },
    kinksNear: ({ predictions }) => kinksOfFilling(predictions, shares),
    derivative: ({ x, predictions, slopeAbove }) => {
      let result = slopeAbove;
      const overlaps = law.overlaps(predictions);
      for (let a = 0; a < truth.length; a++) {
        const t = truth[a] as number;
        const { slope, constant, overlap, rest } = terms(t);
        const held = (overlap * slope * (overlaps[a] as number)) / image + rest * (constant + slope * (1 - t));
        result -= safely((law.weights[a] as number) * held, (slope * (core + x) + constant) ** 2);
      }
      return result;
    },
    concaveCurvature: (_, high) => {
      let sum = 0;
      for (let a = 0; a < truth.length; a++) {
        const t = truth[a] as number;
        const { slope, constant, rest } = terms(t);
        if (slope >= 0) continue;
        const second = -2 * (law.weights[a] as number) * rest * slope * (constant + slope * (1 - t));
        sum += safely(second, (slope * (core + high) + constant) ** 3);
      }
      return sum;
    },
  });
  return { ...withCorners(generalisedDice, law, point.predictions), certified };
}

/**
 * The quotient; 0 if the denominator is 0, which occurs only if a class is empty in truth and prediction (handled
 * separately).
 */
function safely(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}
