import { predictedVolume, type OutcomeLaw } from '../laws/outcome-law.js';
import { maximiseOnInterval, type IntervalPoint, type IntervalProblem } from '../maximise-on-interval.js';
import { fillByWorth, kinksOfFilling } from './knapsack.js';
import { leastRisk, uncertainAt, type Minimiser, type TheoryLoss } from './theory-loss.js';
import { weightedSum } from '../../prediction/weighted-sum.js';

/**
 * Score (a I + ε) / (b V̂ + c T + ε) of overlap I = Σŷy, predicted volume V̂ = Σŷ and truth volume T = Σy.
 */
export interface RatioFactors {
  readonly overlap: number;
  readonly predicted: number;
  readonly truth: number;
  readonly smoothing: number;
}

/**
 * One minus a ratio score: soft Dice (a = 2, b = c = 1), smoothed by ε, and Tversky with α + β = 1 (a = 1, b = α,
 * c = β). Where the denominator is 0 the score is 1, as with any ε → 0. Eq. 10, 11, as the mean of the loss over
 * outcomes: putting p_j for the truth into Eq. 6 would be the loss of the mean.
 *
 * The minimiser. At a fixed V̂ the expected score is linear in the prediction: Σ_g p̂_g a E[X_g / (b V̂ + c T + ε)].
 * So the groups are filled in the order of worth per volume, at most one of them with a fraction, and only V̂ is left
 * to search; the worths are convex and falling in V̂, which bounds the search (`maximiseOnInterval`).
 *
 * Two things follow. Alike regions are worth the same: predicting m of N of them and predicting all with m/N have
 * the same risk at every m, so all-equal is never beaten there. And with one p̂ for all uncertain voxels (core C,
 * uncertain volume U of which B is in the truth) the score is E[2 (C + p̂ B) / (2 C + p̂ U + B)]: each outcome's
 * derivative in p̂ is 2 d / D² with D the denominator and d = B (2 C + B) − C U growing in B, from negative to
 * positive, as D does. Where the derivative Σ w 2 d / D² is 0, the second, −4 U Σ w d / D³, weighs the positive terms
 * less than the negative ones, so it is positive: a minimum of the score, a maximum of the risk. The minimum of the
 * risk is therefore at p̂ = 0 or p̂ = 1, whatever the law of B.
 */
export class RatioLoss implements TheoryLoss {
  readonly needsOverlaps = false;

  constructor(
    readonly name: string,
    readonly title: string,
    private readonly factors: RatioFactors,
    readonly batch = 1,
  ) {}

  risk(law: OutcomeLaw, predictions: Float64Array): number {
    const losses = this.outcomeLosses(law, predictions);
    return weightedSum(losses, law.weights);
  }

  outcomeLosses(law: OutcomeLaw, predictions: Float64Array): Float64Array {
    const { overlap, predicted, truth, smoothing } = this.factors;
    const volume = predictedVolume(law, predictions);
    const overlaps = law.overlaps(predictions);
    for (let a = 0; a < overlaps.length; a++) {
      const size = predicted * volume + truth * (law.truthVolumes[a] as number) + smoothing;
      overlaps[a] = size === 0 ? 0 : 1 - (overlap * (overlaps[a] as number) + smoothing) / size;
    }
    return overlaps;
  }

  minimise(law: OutcomeLaw): Minimiser {
    const { point, certified } = maximiseOnInterval(this.problem(law));
    // Rounding leaves 1 − 1e-16 where 1 is meant; the smaller prediction comes first, so ties go to it.
    const rounded = point.predictions.map((q) => (Math.abs(q - Math.round(q)) < 1e-9 ? Math.round(q) : q));
    const candidates = [uncertainAt(law, 0), uncertainAt(law, 1), rounded, point.predictions];
    return { ...leastRisk(this, law, [new Float64Array(rounded.length), ...candidates]), certified };
  }

  private problem(law: OutcomeLaw): IntervalProblem<RatioPoint> {
    const { overlap, predicted, smoothing } = this.factors;
    return {
      low: 0,
      high: law.groupVolumes.reduce((sum, v, g) => sum + ((law.groupProbabilities[g] as number) > 0 ? v : 0), 0),
      at: (x) => {
        const shares = this.shares(law, x, 1);
        const worths = law.presence(shares).map((worth) => overlap * worth);
        const filling = fillByWorth(worths, law.groupVolumes, x);
        return { x, ...filling, value: filling.value + smoothing * total(shares) };
      },
      kinksNear: ({ predictions }) => kinksOfFilling(predictions, law.groupVolumes),
      derivative: ({ x, predictions, slopeAbove }) => {
        const shares = this.shares(law, x, 2);
        const worths = law.presence(shares);
        const held = worths.reduce((sum, worth, g) => sum + (predictions[g] as number) * worth, 0);
        return slopeAbove - predicted * (overlap * held + smoothing * total(shares));
      },
    };
  }

  /** Each outcome's weight over its denominator to a power; 0 where the denominator is 0. */
  private shares(law: OutcomeLaw, volume: number, power: 1 | 2): Float64Array {
    const { predicted, truth, smoothing } = this.factors;
    const shares = new Float64Array(law.weights.length);
    for (let a = 0; a < shares.length; a++) {
      const size = predicted * volume + truth * (law.truthVolumes[a] as number) + smoothing;
      if (size > 0) shares[a] = (law.weights[a] as number) / (power === 1 ? size : size * size);
    }
    return shares;
  }
}

interface RatioPoint extends IntervalPoint {
  readonly predictions: Float64Array;
}

function total(values: Float64Array): number {
  let sum = 0;
  for (let a = 0; a < values.length; a++) sum += values[a] as number;
  return sum;
}

/** Soft Dice over `batch` images, smoothed by ε in numerator and denominator (0: as Eq. 6). */
export function softDice({ smoothing = 0, batch = 1 } = {}): RatioLoss {
  const name = smoothing > 0 ? 'softDiceSmoothed' : batch > 1 ? 'softDiceBatch' : 'softDice';
  const details = [...(smoothing > 0 ? [`ε = ${smoothing}`] : []), ...(batch > 1 ? [`batch of ${batch}`] : [])];
  const title = details.length === 0 ? 'soft Dice' : `soft Dice (${details.join(', ')})`;
  return new RatioLoss(name, title, { overlap: 2, predicted: 1, truth: 1, smoothing }, batch);
}
