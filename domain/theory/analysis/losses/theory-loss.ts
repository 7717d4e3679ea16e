import { isSameRisk } from '../../prediction/soft-dice-risks.js';
import { mergeUncertainGroups } from '../laws/merged-law.js';
import { predictedVolume, uncertainVolume, type OutcomeLaw } from '../laws/outcome-law.js';

/** A minimum-risk prediction: one p̂ per group of the law. */
export interface Minimiser {
  readonly predictions: Float64Array;
  readonly risk: number;
  /**
   * True if no prediction's risk is lower by more than 1e-12 of the largest risk in question, by proof or bound; false
   * after a local search.
   */
  readonly certified: boolean;
  /** True if a prediction of another volume has the same risk; `predictions` is then the smaller one. */
  readonly tie: boolean;
}

/** A training loss of the theory: its risk under a law of outcomes, and its minimiser. */
export interface TheoryLoss {
  readonly name: string;
  /** Display name with settings. */
  readonly title: string;
  /** Number of images whose sums are taken before the ratio; use the law of `batchedRegions`. */
  readonly batch: number;
  /** True if the loss is nonlinear in the overlap given the truth volume. */
  readonly needsOverlaps: boolean;
  /** E[loss] for one prediction per group. */
  risk(law: OutcomeLaw, predictions: Float64Array): number;
  /** Loss in each outcome; absent if the risk depends only on the probabilities. */
  outcomeLosses?(law: OutcomeLaw, predictions: Float64Array): Float64Array;
  /** The minimum-risk prediction if each group may have its own p̂. */
  minimise(law: OutcomeLaw): Minimiser;
}

/** A loss whose risk is a mean over the outcomes. */
export type OutcomeLoss = TheoryLoss & Required<Pick<TheoryLoss, 'outcomeLosses'>>;

/** The minimum-risk prediction if all uncertain groups share one p̂ (the paper's restriction). */
export function minimiseWithOnePrediction(loss: TheoryLoss, law: OutcomeLaw): Minimiser {
  const merged = mergeUncertainGroups(law);
  const { predictions, ...minimiser } = loss.minimise(merged.law);
  return { predictions: merged.expand(predictions), ...minimiser };
}

/** Standard error of a risk computed from sampled outcomes; 0 for every other law, which is exact. */
export function riskStandardError(loss: TheoryLoss, law: OutcomeLaw, predictions: Float64Array): number {
  if (law.method !== 'sampled' || loss.outcomeLosses === undefined) return 0;
  const losses = loss.outcomeLosses(law, predictions);
  const mean = losses.reduce((sum, value) => sum + value, 0) / losses.length;
  const variance = losses.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, losses.length - 1);
  return Math.sqrt(variance / losses.length);
}

/** Volumes closer than this share of the uncertain volume are the same prediction, found twice. */
const sameVolume = 1e-9;

/** The prediction with the lowest risk; the first in a tie, so order candidates by preference. */
export function leastRisk(
  loss: Pick<TheoryLoss, 'risk'>,
  law: OutcomeLaw,
  candidates: readonly Float64Array[],
): Pick<Minimiser, 'predictions' | 'risk' | 'tie'> {
  const [first, ...others] = candidates.map((predictions) => ({ predictions, risk: loss.risk(law, predictions) }));
  if (first === undefined) throw new RangeError('no candidates');
  const best = others.reduce((a, b) => (b.risk < a.risk && !isSameRisk(a.risk, b.risk) ? b : a), first);
  const volumeOf = ({ predictions }: typeof best): number => predictedVolume(law, predictions);
  const isOther = (one: typeof best): boolean =>
    Math.abs(volumeOf(one) - volumeOf(best)) > sameVolume * uncertainVolume(law);
  return { ...best, tie: [first, ...others].some((one) => isSameRisk(one.risk, best.risk) && isOther(one)) };
}

/**
 * Compares a minimiser found by a search over the predicted volume with variants that rounding may have missed: 1 where
 * it says 1 − 1e-16, and the corners. Candidates are ordered from the empty prediction upwards, so ties go to the
 * smaller prediction.
 */
export function withCorners(loss: TheoryLoss, law: OutcomeLaw, found: Float64Array): ReturnType<typeof leastRisk> {
  const rounded = found.map((q) => (Math.abs(q - Math.round(q)) < 1e-9 ? Math.round(q) : q));
  const nothing = new Float64Array(found.length);
  return leastRisk(loss, law, [nothing, uncertainAt(law, 0), uncertainAt(law, 1), rounded, found]);
}

/** Certain groups unchanged (0 or 1), all uncertain groups at `prediction`. */
export function uncertainAt(law: OutcomeLaw, prediction: number): Float64Array {
  return law.groupProbabilities.map((probability) =>
    probability === 0 || probability === 1 ? probability : prediction,
  );
}
