/**
 * The regularised incomplete beta function I_x(a, b) for a, b > 0, in [0, 1]. `x` and `complement` = 1 − x are both
 * given, so that neither loses digits near 0. The continued fraction (DLMF 8.17.22) converges fast below the mean
 * a / (a + b); beyond it the symmetry I_x(a, b) = 1 − I_{1−x}(b, a) is used.
 */
export function incompleteBeta({
  x,
  complement,
  a,
  b,
}: {
  readonly x: number;
  readonly complement: number;
  readonly a: number;
  readonly b: number;
}): number {
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta({ x: complement, complement: x, a: b, b: a });
  const front = a * Math.log(x) + b * Math.log(complement) - logBeta(a, b);
  return (Math.exp(front) / a) * continuedFraction(x, a, b);
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Lentz's method; `tiny` replaces a denominator of 0. */
function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const nonZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return result;
}

/** ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1) from 15 on, and Γ(x + 1) = x Γ(x) below. */
function logGamma(x: number): number {
  let product = 1;
  let shifted = x;
  for (; shifted < 15; shifted++) product *= shifted;
  const inverse = 1 / (shifted * shifted);
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / shifted;
  return (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}
