import { solveIncreasing } from './solve-increasing.js';
import { studentUpperTail } from './student-t.js';

/** A mixture of Student's t distributions: shares that add up to 1, each with its degrees of freedom. */
export type StudentMixture = readonly { readonly share: number; readonly degreesOfFreedom: number }[];

/** P(T ≤ t). */
export function mixtureCdf(t: number, mixture: StudentMixture): number {
  const tail = upperTail(Math.abs(t), mixture);
  return t > 0 ? 1 - tail : tail;
}

/** P(|T| ≥ |t|), the two-sided p-value of t. */
export function mixtureTwoSided(t: number, mixture: StudentMixture): number {
  return 2 * upperTail(Math.abs(t), mixture);
}

/** The t with P(T ≤ t) = probability, for a probability in (0, 1). */
export function mixtureQuantile(probability: number, mixture: StudentMixture): number {
  if (probability > 0.5) return -mixtureQuantile(1 - probability, mixture);
  return -solveIncreasing((t) => -upperTail(t, mixture), -probability);
}

function upperTail(t: number, mixture: StudentMixture): number {
  return mixture.reduce(
    (sum, { share, degreesOfFreedom }) => sum + (share === 0 ? 0 : share * studentUpperTail(t, degreesOfFreedom)),
    0,
  );
}
