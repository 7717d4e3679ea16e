/**
 * Σ weights · values, or Σ values without weights, in double precision with Neumaier's compensation. The error stays
 * near one unit in the last place of Σ|weight · value| for any length, so sums over a million outcomes are still exact
 * to 1e-12. The empty sum is 0.
 */
export function weightedSum(values: ArrayLike<number>, weights?: ArrayLike<number>): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const term = (weights === undefined ? 1 : (weights[i] as number)) * (values[i] as number); // in range: i < length
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
  }
  return sum + lost;
}
