import { errorVolumes } from '../laws/error-volumes.js';
import { certainVolume, predictedVolume, uncertainVolume, type OutcomeLaw } from '../laws/outcome-law.js';
import { maximiseOnInterval, type IntervalPoint, type IntervalProblem } from '../maximise-on-interval.js';
import { fillByWorth, kinksOfFilling } from './knapsack.js';
import { withCorners, type OutcomeLoss, type TheoryLoss } from './theory-loss.js';
import { inCertain, onlyUncertain } from './uncertain-part.js';
import { weightedSum } from '../../prediction/weighted-sum.js';

/**
 * Factors of the score ((b + c) I + ε) / (b V̂ + c T + ε), with overlap I = Σŷy, predicted volume V̂ = Σŷ and truth
 * volume T = Σy. One minus the score is (b Σŷ(1 − y) + c Σ(1 − ŷ)y) / (b V̂ + c T + ε).
 */
interface RatioFactors {
  readonly predicted: number;
  readonly truth: number;
  readonly smoothing: number;
}

/**
 * One minus a ratio score: soft Dice (b = c = 1), optionally smoothed by ε, and Tversky with α + β = 1 (b = α, c = β). If the denominator is 0 the score is 1, its limit for ε → 0. Eq. 10, 11, as the mean of the loss over
 * outcomes: substituting p_j for the truth in Eq. 6 would give the loss of the mean instead.
 *
 * Minimisation: at fixed V̂ the expected score is linear in the prediction: Σ_g p̂_g (b + c) E[X_g / (b V̂ + c T + ε)].
 * Groups are therefore filled by decreasing worth per volume, at most one of them with a fraction, and only V̂ remains
 * to be searched. The certain core, which has the largest worth, is filled first, and filling it never lowers a score:
 * the search runs over the volume beyond it. The worths are convex and decreasing in V̂, which bounds the search
 * (`maximiseOnInterval`).
 *
 * Two consequences follow. First, alike regions have equal worth: predicting m of N of them and predicting all with m/N
 * have the same risk for every m, so equal predictions are always among the best. Second, with one p̂ for all uncertain
 * voxels (core C, uncertain volume U, of which B is in the truth) the score is E[2 (C + p̂ B) / (2 C + p̂ U + B)]. Each
 * outcome's derivative with respect to p̂ is 2 d / D², where D is the denominator and d = B (2 C + B) − C U. As B
 * grows, d increases from negative to positive, and D increases too. Where the derivative Σ w 2 d / D² is 0, the second
 * derivative, −4 U Σ w d / D³, gives the positive terms less weight than the negative ones, so it is positive: a
 * minimum of the score, a maximum of the risk. The minimum of the risk is therefore at p̂ = 0 or p̂ = 1, whatever the
 * law of B.
 */
export function ratioLoss(name: string, title: string, factors: RatioFactors, batch = 1): OutcomeLoss {
  const outcomeLosses = (law: OutcomeLaw, predictions: Float64Array): Float64Array => {
    const sizes = denominators(factors, law, predictedVolume(law, predictions));
    const missing = predictions.map((q) => 1 - q);
    const { missed, surplus } = errorVolumes(law, missing, predictions);
    return sizes.map((size, a) => {
      const wrong = factors.predicted * (surplus[a] as number) + factors.truth * (missed[a] as number);
      return size === 0 ? 0 : wrong / size;
    });
  };
  const loss: OutcomeLoss = {
    name,
    title,
    batch,
    needsOverlaps: false,
    risk: (law, predictions) => weightedSum(outcomeLosses(law, predictions), law.weights),
    outcomeLosses,
    minimise: (law) => {
      const { point, certified } = maximiseOnInterval(scoreProblem(loss, factors, law));
      return { ...withCorners(loss, law, point.predictions), certified };
    },
  };
  return loss;
}

interface RatioPoint extends IntervalPoint {
  readonly predictions: Float64Array;
}

/** The least risk, negated, at a given predicted volume beyond the certain core. */
function scoreProblem(loss: TheoryLoss, factors: RatioFactors, law: OutcomeLaw): IntervalProblem<RatioPoint> {
  const { predicted, truth, smoothing } = factors;
  const overlap = predicted + truth;
  const core = certainVolume(law);
  const volumes = onlyUncertain(law, law.groupVolumes);
  /** Each outcome's weight divided by a power of its denominator; 0 if the denominator is 0. */
  const shares = (volume: number, power: 1 | 2): Float64Array =>
    denominators(factors, law, volume).map((size, a) =>
      size > 0 ? (law.weights[a] as number) / (power === 1 ? size : size * size) : 0,
    );
  return {
    low: 0,
    high: uncertainVolume(law),
    at: (x) => {
      const worths = law.presence(shares(core + x, 1)).map((worth) => overlap * worth);
      const { slopeBelow, slopeAbove, ...filling } = fillByWorth(onlyUncertain(law, worths), volumes, x);
      const predictions = inCertain(law, filling.predictions);
      return { x, slopeBelow, slopeAbove, predictions, value: -loss.risk(law, predictions) };
    },
    kinksNear: ({ predictions }) => kinksOfFilling(predictions, volumes),
    derivative: ({ x, predictions, slopeAbove }) => {
      const squared = shares(core + x, 2);
      const held = weightedSum(predictions, law.presence(squared));
      return slopeAbove - predicted * (overlap * held + smoothing * weightedSum(squared));
    },
  };
}

/** b V̂ + c T + ε of each outcome at predicted volume V̂. */
function denominators({ predicted, truth, smoothing }: RatioFactors, law: OutcomeLaw, volume: number): Float64Array {
  return law.truthVolumes.map((truthVolume) => predicted * volume + truth * truthVolume + smoothing);
}

/** Soft Dice over `batch` images, smoothed by ε in numerator and denominator (0 gives Eq. 6). */
export function softDice({ smoothing = 0, batch = 1 } = {}): OutcomeLoss {
  const name = smoothing > 0 ? 'softDiceSmoothed' : batch > 1 ? 'softDiceBatch' : 'softDice';
  const details = [...(smoothing > 0 ? [`ε = ${smoothing}`] : []), ...(batch > 1 ? [`batch of ${batch}`] : [])];
  const title = details.length === 0 ? 'soft Dice' : `soft Dice (${details.join(', ')})`;
  return ratioLoss(name, title, { predicted: 1, truth: 1, smoothing }, batch);
}
