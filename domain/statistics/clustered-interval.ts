import { mixtureQuantile } from './distributions/student-mixture.js';

/**
 * The interval of an estimate whose error is nearly a sum over cases, with participants as clusters: nothing is assumed of how
 * the cases of a participant depend on each other, or of their distribution.
 *
 *      V = G / (G − 1) · (n − 1) / (n − k) · Σ_g (Σ_{i in g} u_i)²          estimate ± t √V
 *
 * with G participants, n cases, k fitted coefficients, and t the quantile of Student's t with G − 1 degrees of freedom: the
 * variance CR1 of Liang and Zeger (1986) with the usual correction for small samples. It is conditional on the trained networks.
 *
 * `influences` are the u_i, one for each case; they add up to 0. `level` is in (0, 1). null with fewer than two
 * participants and with n ≤ k.
 */
export function clusteredInterval({
  estimate,
  influences,
  participants,
  coefficients,
  level,
}: {
  readonly estimate: number;
  readonly influences: readonly number[];
  /** One for each case. */
  readonly participants: readonly string[];
  readonly coefficients: number;
  readonly level: number;
}): [number, number] | null {
  const sums = new Map<string, number>();
  participants.forEach((participant, index) => {
    sums.set(participant, (sums.get(participant) ?? 0) + (influences[index] as number)); // one for each case
  });
  const [clusters, count] = [sums.size, participants.length];
  if (clusters < 2 || count <= coefficients) return null;
  const squares = [...sums.values()].reduce((total, sum) => total + sum * sum, 0);
  const correction = (clusters / (clusters - 1)) * ((count - 1) / (count - coefficients));
  const t = mixtureQuantile((1 + level) / 2, [{ share: 1, degreesOfFreedom: clusters - 1 }]);
  const half = t * Math.sqrt(correction * squares);
  return [estimate - half, estimate + half];
}
