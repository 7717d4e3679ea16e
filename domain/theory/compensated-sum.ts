/**
 * The sum of a list in double precision with Neumaier's compensation: the error stays near one unit in the last place
 * of Σ|x| whatever the length, so that sums over a million outcomes are still exact to 1e-12. The empty sum is 0.
 */
export function compensatedSum(values: ArrayLike<number>): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number; // in range: i < length
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  // Infinite terms leave the compensation without meaning.
  return Number.isFinite(sum) ? sum + lost : sum;
}
