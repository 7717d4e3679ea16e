import { incompleteBeta } from './incomplete-beta.js';
import { solveIncreasing } from './solve-increasing.js';

/** P(T ≤ t) of Student's t distribution with any number of degrees of freedom > 0, whole or not. */
export function studentCdf(t: number, degreesOfFreedom: number): number {
  const tail = upperTail(Math.abs(t), degreesOfFreedom);
  return t > 0 ? 1 - tail : tail;
}

/** P(|T| ≥ |t|), the two-sided p-value of t. */
export function studentTwoSided(t: number, degreesOfFreedom: number): number {
  return 2 * upperTail(Math.abs(t), degreesOfFreedom);
}

/** The t with P(T ≤ t) = probability, for a probability in (0, 1). */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  if (probability > 0.5) return -studentQuantile(1 - probability, degreesOfFreedom);
  return -solveIncreasing((t) => -upperTail(t, degreesOfFreedom), -probability);
}

/** P(T ≥ t) = ½ I_{ν/(ν + t²)}(ν/2, ½) for t ≥ 0, without loss of digits far out. */
function upperTail(t: number, degreesOfFreedom: number): number {
  if (t === Infinity) return 0;
  const whole = degreesOfFreedom + t * t;
  const x = degreesOfFreedom / whole;
  return 0.5 * incompleteBeta({ x, complement: (t * t) / whole, a: degreesOfFreedom / 2, b: 0.5 });
}
