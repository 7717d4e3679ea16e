/**
 * Hall's (1992, J. R. Statist. Soc. B 54) monotone cubic transform of a studentised mean t of skewness γ: the result is
 * distributed as if the data were symmetric, up to terms of order 1/n. Without skewness it is t.
 *
 *      t + γ t² / 3 + γ² t³ / 27 + γ / 6
 */
export function hallTransform(t: number, skewness: number): number {
  if (!Number.isFinite(t)) return t;
  return t + (skewness * t ** 2) / 3 + (skewness ** 2 * t ** 3) / 27 + skewness / 6;
}

/** The t of a transformed value: 3 (v − γ/6) / (c² + c + 1) with c = ∛(1 + γ (v − γ/6)). */
export function inverseHallTransform(value: number, skewness: number): number {
  const shifted = value - skewness / 6;
  const root = Math.cbrt(1 + skewness * shifted);
  return (3 * shifted) / (root * root + root + 1);
}
