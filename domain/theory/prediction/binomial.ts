import { DomainError } from '../../domain-error.js';
import { weightedSum } from './weighted-sum.js';

/** A binomial law without its tails: P(K = least + i) is `probabilities[i]`. */
export interface BinomialLaw {
  readonly least: number;
  readonly probabilities: Float64Array;
}

/**
 * Ratio to the mode's probability below which a tail ends: what a double can hold without losing digits and, beyond the
 * counts near the mode, what no sum over them can show.
 */
const smallestRatio = { near: 1e-300, far: 1e-40 };
const nearCounts = 1024;

/**
 * K ~ Binomial(n, p) in double precision, over the counts that matter: those whose probability is at least 1e-40 of the
 * mode's, and up to 1024 on either side of it that are at least 1e-300 (there may be nothing else between a risk and 0).
 * These are about 27 √(n p (1 − p)), so a million regions take about fourteen thousand outcomes.
 *
 * Multiplies ratios of neighbouring probabilities outwards from the mode and normalises the result, so nothing
 * overflows and no large logarithms are subtracted: for n = 1024 each relevant probability has a relative error of
 * about 1e-14, where log-gamma would lose three digits. p = 0 and p = 1 leave a single count.
 */
export function binomialLaw(n: number, p: number): BinomialLaw {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new DomainError('ARGUMENT_INVALID', `a binomial distribution needs a whole number n ≥ 0, but n is ${n}`, {
      n,
    });
  }
  if (!(p >= 0 && p <= 1)) {
    throw new DomainError('ARGUMENT_INVALID', `a binomial distribution needs a probability in [0, 1], but p is ${p}`, {
      p,
    });
  }
  if (p === 0 || p === 1) return { least: p === 0 ? 0 : n, probabilities: new Float64Array([1]) };
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const above = tail(n - mode, (step) => ((n - mode - step + 1) / (mode + step)) * (p / (1 - p)));
  const below = tail(mode, (step) => ((mode - step + 1) / (n - mode + step)) * ((1 - p) / p));
  const probabilities = new Float64Array(below.length + 1 + above.length);
  probabilities.set(below.reverse());
  probabilities[below.length] = 1;
  probabilities.set(above, below.length + 1);
  const total = weightedSum(probabilities);
  for (let i = 0; i < probabilities.length; i++) probabilities[i] = (probabilities[i] as number) / total;
  return { least: mode - below.length, probabilities };
}

/** The probabilities next to the mode's in one direction, as ratios to it; step 1 is the mode's neighbour. */
function tail(length: number, factor: (step: number) => number): number[] {
  const ratios: number[] = [];
  let ratio = 1;
  for (let step = 1; step <= length; step++) {
    ratio *= factor(step);
    if (ratio < (step > nearCounts ? smallestRatio.far : smallestRatio.near)) break;
    ratios.push(ratio);
  }
  return ratios;
}
