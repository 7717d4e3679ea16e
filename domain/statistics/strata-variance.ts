/** A participant's part in the deviation of the sum from that of its fold means. */
export interface Score {
  readonly participant: string;
  /** Sum over the participant's cases of value − mean of the fold. */
  readonly value: number;
}

/**
 * The variance of a sum over participants that lies between strata. Folds that each got their share of every stratum are
 * more alike than folds drawn at random, so their means do not show this part; participants drawn anew would vary by it.
 *
 *      max(0, Σ_s g_s ū_s² − (S − 1) / S Σ_s var_s(u))
 *
 * over S strata with g_s participants each, whose scores u have mean ū_s and variance var_s(u). The second term is what
 * the first one amounts to if strata do not differ. Strata of a single participant have variance 0. 0 with one stratum.
 */
export function strataVariance(scores: readonly Score[], stratumOf: ReadonlyMap<string, number>): number {
  const strata = new Map<number | undefined, number[]>();
  for (const { participant, value } of scores) {
    const stratum = stratumOf.get(participant);
    const known = strata.get(stratum);
    if (known === undefined) strata.set(stratum, [value]);
    else known.push(value);
  }
  let [between, within] = [0, 0];
  for (const values of strata.values()) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    between += values.length * mean ** 2;
    if (values.length > 1) within += squares / (values.length - 1);
  }
  return Math.max(0, between - ((strata.size - 1) / strata.size) * within);
}
