/** Fractions of BigInts and sums of them to sixty digits: a reference without floating point. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const scale = 10n ** 60n;

export function fraction(numerator: number, denominator = 1): Fraction {
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

/** A double as the fraction that it exactly is. */
export function fractionOfDouble(value: number): Fraction {
  let denominator = 1n;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(scaled), denominator };
}

/**
 * Σ_k C(n, k) p^k (1 − p)^(n − k) value(k), with value as a fraction; rounded once, at the sixtieth digit of each term.
 */
export function binomialExpectation(n: number, p: Fraction, value: (k: bigint) => Fraction): number {
  const { numerator: a, denominator: b } = p;
  let term = (b - a) ** BigInt(n);
  let sum = 0n;
  for (let k = 0; k <= n; k++) {
    const { numerator, denominator } = value(BigInt(k));
    sum += (term * numerator * scale) / (denominator * b ** BigInt(n));
    if (k < n) term = (term * BigInt(n - k) * a) / (BigInt(k + 1) * (b - a));
  }
  return Number(sum / 10n ** 40n) / 1e20;
}
