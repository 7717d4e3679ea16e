import { binomialExpectation, type Fraction } from './exact-arithmetic.js';

/** p̂ and μ as fractions; μ = muTimes4 / 4. Loss (p̂ (μ − b) + (1 − p̂) b) / (2 + p̂ μ + b) with b = μ k / N. */
export function exactRisk(n: number, muTimes4: number, p: Fraction, prediction: Fraction): number {
  return binomialExpectation(n, p, (k) => {
    const { numerator: qa, denominator: qb } = prediction;
    const [mu, unit, count] = [BigInt(muTimes4), 4n, BigInt(n)];
    // Everything over qb · unit · count.
    const present = mu * k;
    const all = mu * count;
    return {
      numerator: qa * (all - present) + (qb - qa) * present,
      denominator: 2n * qb * unit * count + qa * all + qb * present,
    };
  });
}
