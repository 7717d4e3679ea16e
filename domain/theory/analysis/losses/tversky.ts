import { DomainError } from '../../../domain-error.js';
import { errorVolumes } from '../laws/error-volumes.js';
import { predictedVolume, uncertainGroups, type OutcomeLaw } from '../laws/outcome-law.js';
import { maximiseOnInterval, type IntervalPoint } from '../maximise-on-interval.js';
import { assertNotNegative } from './loss-settings.js';
import { ratioLoss } from './ratio-loss.js';
import { leastRisk, uncertainAt, type Minimiser, type TheoryLoss } from './theory-loss.js';
import { weightedSum } from '../../prediction/weighted-sum.js';

/** Maximum work (outcomes × groups) for which the local search visits every group separately. */
const maxSearchWork = 2 ** 16;
const maxStarts = 16;
const maxSweeps = 20;

/**
 * Tversky loss 1 − I / (I + α FP + β FN), with FP = V̂ − I and FN = T − I, as the mean over outcomes; 0 if the
 * denominator is 0. α = β = ½ is soft Dice, α = β = 1 soft Jaccard. Source: Salehi et al. 2017.
 *
 * With α + β = 1 the denominator is α V̂ + β T: a `ratioLoss`, solved exactly. Otherwise the overlap appears in the
 * denominator and the exact law of every outcome is needed. One p̂ for all uncertain regions still has a proven
 * minimum; separate p̂ are found by a local search from many starts (`certified: false`).
 */
export function tverskyLoss(alpha: number, beta: number, batch = 1): TheoryLoss {
  assertNotNegative(alpha, 'tversky α');
  assertNotNegative(beta, 'tversky β');
  if (alpha + beta === 0) throw new DomainError('ARGUMENT_INVALID', 'tversky: α and β must not both be 0');
  const title = `Tversky (α = ${alpha}, β = ${beta})`;
  if (Math.abs(alpha + beta - 1) < 1e-15) {
    return ratioLoss('tversky', title, { predicted: alpha, truth: beta, smoothing: 0 }, batch);
  }
  return generalTversky('tversky', title, alpha, beta);
}

/**
 * Soft Jaccard loss 1 − Σŷy / (Σŷ + Σy − Σŷy): Tversky with α = β = 1. With one p̂ for all, its minimum is at a corner.
 */
export const softJaccard: TheoryLoss = generalTversky('softJaccard', 'soft Jaccard', 1, 1);

function generalTversky(name: string, title: string, alpha: number, beta: number): TheoryLoss {
  const outcomeLosses = (law: OutcomeLaw, predictions: Float64Array): Float64Array => {
    const wrong = wrongVolumes(law, predictions, { alpha, beta });
    return law.overlaps(predictions).map((overlap, a) => {
      const size = overlap + (wrong[a] as number);
      return size === 0 ? 0 : (wrong[a] as number) / size;
    });
  };
  const loss = {
    name,
    title,
    batch: 1,
    needsOverlaps: true,
    risk: (law: OutcomeLaw, predictions: Float64Array) => weightedSum(outcomeLosses(law, predictions), law.weights),
    outcomeLosses,
  };
  const lines = (law: OutcomeLaw, predictions: Float64Array, groups: readonly number[]): LineSearch =>
    searchLine(loss, { law, predictions, groups, alpha, beta });
  return { ...loss, minimise: (law) => minimise(loss, lines, law) };
}

/** α FP + β FN of each outcome. */
function wrongVolumes(
  law: OutcomeLaw,
  predictions: Float64Array,
  { alpha, beta }: { readonly alpha: number; readonly beta: number },
): Float64Array {
  const missing = predictions.map((q) => 1 - q);
  const { missed, surplus } = errorVolumes(law, missing, predictions);
  return missed.map((volume, a) => alpha * (surplus[a] as number) + beta * volume);
}

type Loss = Pick<TheoryLoss, 'risk'>;
interface LineSearch {
  readonly predictions: Float64Array;
  readonly risk: number;
  readonly certified: boolean;
}

function minimise(
  loss: Loss,
  line: (law: OutcomeLaw, predictions: Float64Array, groups: readonly number[]) => LineSearch,
  law: OutcomeLaw,
): Minimiser {
  const uncertain = uncertainGroups(law);
  const together = line(law, uncertainAt(law, 0), uncertain);
  const corners = [new Float64Array(law.groupVolumes.length), uncertainAt(law, 0), uncertainAt(law, 1)];
  if (uncertain.length < 2)
    return { ...leastRisk(loss, law, [...corners, together.predictions]), certified: together.certified };
  const candidates = [together.predictions, ...thresholdStarts(law, uncertain)];
  if (law.weights.length * uncertain.length <= maxSearchWork) {
    candidates.push(...candidates.map((start) => climb(line, law, start, uncertain)));
  }
  return { ...leastRisk(loss, law, [...corners, ...candidates]), certified: false };
}

/** The m most probable groups at 1, the others at 0, for up to 16 values of m. */
function thresholdStarts(law: OutcomeLaw, uncertain: readonly number[]): Float64Array[] {
  const order = [...uncertain].sort(
    (a, b) => (law.groupProbabilities[b] as number) - (law.groupProbabilities[a] as number),
  );
  const step = Math.max(1, order.length / maxStarts);
  return Array.from({ length: Math.floor(order.length / step) + 1 }, (_, i) => {
    const start = uncertainAt(law, 0);
    for (const g of order.slice(0, Math.round(i * step))) start[g] = 1;
    return start;
  });
}

/** Optimises one group after another until a sweep yields no improvement. */
function climb(
  line: (law: OutcomeLaw, predictions: Float64Array, groups: readonly number[]) => LineSearch,
  law: OutcomeLaw,
  start: Float64Array,
  uncertain: readonly number[],
): Float64Array {
  let predictions = start;
  let risk = Infinity;
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    const before = risk;
    for (const g of uncertain) ({ predictions, risk } = line(law, predictions, [g]));
    if (before - risk < 1e-13 * before) break;
  }
  return predictions;
}

/** The minimum risk along one p̂ shared by `groups`, with the other predictions fixed. */
function searchLine(
  loss: Loss,
  search: {
    readonly law: OutcomeLaw;
    readonly predictions: Float64Array;
    readonly groups: readonly number[];
    readonly alpha: number;
    readonly beta: number;
  },
): LineSearch {
  const { law, groups, alpha, beta } = search;
  const at = (q: number): Float64Array => {
    const predictions = Float64Array.from(search.predictions);
    for (const g of groups) predictions[g] = q;
    return predictions;
  };
  const [zero, one] = [at(0), at(1)];
  const fixed = law.overlaps(zero);
  const share = one.map((q, g) => q - (zero[g] as number));
  const moving = law.overlaps(share);
  const movingVolume = predictedVolume(law, share);
  // In outcome a the loss is (w + q u) / (c + q d), its derivative −(w d − u c) / (c + q d)².
  const w = wrongVolumes(law, zero, { alpha, beta });
  const u = moving.map((j) => alpha * (movingVolume - j) - beta * j);
  const c = fixed.map((i, a) => i + (w[a] as number));
  const d = moving.map((j, a) => j + (u[a] as number));
  const sum = (term: (a: number) => number): number => {
    let result = 0;
    for (let a = 0; a < c.length; a++) result += term(a);
    return result;
  };
  const size = (a: number, q: number): number => Math.max((c[a] as number) + q * (d[a] as number), 1e-300);
  const cross = (a: number): number => {
    const value = (w[a] as number) * (d[a] as number) - (u[a] as number) * (c[a] as number);
    return (law.weights[a] as number) * value;
  };
  const value = (q: number): number =>
    -sum((a) => ((law.weights[a] as number) * ((w[a] as number) + q * (u[a] as number))) / size(a, q));
  const derivative = (q: number): number => sum((a) => (cross(a) === 0 ? 0 : cross(a) / size(a, q) ** 2));
  const curvature = (a: number, q: number): number => (2 * cross(a) * (d[a] as number)) / size(a, q) ** 3;

  const { point, certified } = maximiseOnInterval<IntervalPoint>({
    low: 0,
    high: 1,
    at: (x) => ({ x, value: value(x), slopeBelow: 0, slopeAbove: 0 }),
    derivative: ({ x }) => derivative(x),
    concaveCurvature: (low, high) =>
      sum((a) => (cross(a) === 0 ? 0 : Math.max(0, curvature(a, low), curvature(a, high)))),
  });
  return { ...leastRisk(loss, law, [zero, one, at(point.x)]), certified };
}
