import { DomainError } from '../../domain-error.js';
import { weightedSum } from './weighted-sum.js';

/**
 * P(K = k) for k = 0 … n of K ~ Binomial(n, p), in double precision.
 *
 * Multiplies ratios of neighbouring probabilities outwards from the mode and normalises the result, so nothing
 * overflows and no large logarithms are subtracted: for n = 1024 each relevant probability has a relative error of
 * about 1e-14, where log-gamma would lose three digits. Tails below 1e-308 are 0. p = 0 and p = 1 put all weight on one
 * k.
 */
export function binomialProbabilities(n: number, p: number): Float64Array {
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
  const result = new Float64Array(n + 1);
  if (p === 0 || p === 1) {
    result[p === 0 ? 0 : n] = 1;
    return result;
  }
  const mode = Math.min(n, Math.floor((n + 1) * p));
  result[mode] = 1;
  for (let k = mode; k < n; k++) result[k + 1] = (result[k] as number) * (((n - k) / (k + 1)) * (p / (1 - p)));
  for (let k = mode; k > 0; k--) result[k - 1] = (result[k] as number) * ((k / (n - k + 1)) * ((1 - p) / p));
  const total = weightedSum(result);
  for (let k = 0; k <= n; k++) result[k] = (result[k] as number) / total;
  return result;
}
