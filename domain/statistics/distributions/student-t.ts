import { incompleteBeta } from './incomplete-beta.js';

/**
 * P(T ≥ t) = ½ I_{ν/(ν + t²)}(ν/2, ½) of Student's t distribution for t ≥ 0, without loss of digits far out. The degrees
 * of freedom are any number above 0, whole or not.
 */
export function studentUpperTail(t: number, degreesOfFreedom: number): number {
  if (t === Infinity) return 0;
  const whole = degreesOfFreedom + t * t;
  const x = degreesOfFreedom / whole;
  return 0.5 * incompleteBeta({ x, complement: (t * t) / whole, a: degreesOfFreedom / 2, b: 0.5 });
}
