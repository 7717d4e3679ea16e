import { meanOf } from '../evaluate/case-means.js';
import { clusteredInterval } from './clustered-interval.js';
import { normalQuantile } from './distributions/normal.js';

/** A case's two volumes, in any common unit. */
export interface VolumePair {
  readonly truth: number;
  readonly predicted: number;
  readonly participant: string;
}

/** An estimate with its interval; null if there is none. */
export interface EstimateWithInterval {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
}

/** How well the predicted volumes of single cases agree with the true ones (Bland and Altman 1986, 1999). */
export interface Agreement {
  /** Of the differences predicted − true, with n − 1. */
  readonly standardDeviation: number;
  /** The limits of agreement: between them lie 95 % of the differences, if these are normal and do not depend on the size. */
  readonly lowerLimit: EstimateWithInterval;
  readonly upperLimit: EstimateWithInterval;
  /** Proportional bias: the slope of the difference on the mean of both volumes. null if all these means are equal. */
  readonly slope: EstimateWithInterval | null;
}

/**
 * Limits of agreement and proportional bias of cases with true volume t and predicted volume p. With d = p − t,
 * a = (p + t) / 2, their means d̄ and ā, z the 0.975 quantile of the normal distribution
 * (1.96, not rounded) and s the standard deviation of d:
 *
 *      limits d̄ ± z s          slope b = Σ (a − ā) (d − d̄) / Σ (a − ā)²
 *
 * so b has the sign of Var p − Var t: it is above 0 where predictions vary more than the truth, and below 0 where they shrink
 * towards their mean, as those of uncertain networks do. Intervals at `level` are `clusteredInterval`'s, with the
 * influence of a case
 *
 *      on a limit   (d − d̄ ± z (n (d − d̄)² / (n − 1) − s²) / (2 s)) / n     (delta method)
 *      on b         (a − ā) (d − d̄ − b (a − ā)) / Σ (a − ā)²
 *
 * For many independent normal differences a limit's standard error is s √(1/n + z²/(2n)), as in Bland and Altman (1999).
 * Returns null for fewer than two cases.
 */
export function agreementOf(pairs: readonly VolumePair[], level: number): Agreement | null {
  const count = pairs.length;
  if (count < 2) return null;
  const participants = pairs.map(({ participant }) => participant);
  const bias = meanOf(pairs, ({ truth, predicted }) => predicted - truth);
  const deviations = pairs.map(({ truth, predicted }) => predicted - truth - bias);
  const squares = sumOf(deviations, (one) => one * one);
  const standardDeviation = Math.sqrt(squares / (count - 1));
  const limit = (z: number): EstimateWithInterval => {
    const estimate = bias + z * standardDeviation;
    const influences = deviations.map((one) => {
      const onDeviation =
        standardDeviation === 0
          ? 0
          : ((count / (count - 1)) * one * one - standardDeviation ** 2) / (2 * standardDeviation);
      return (one + z * onDeviation) / count;
    });
    return {
      value: estimate,
      interval: clusteredInterval({ estimate, influences, participants, coefficients: 1, level }),
    };
  };
  return {
    standardDeviation,
    lowerLimit: limit(-limitQuantile),
    upperLimit: limit(limitQuantile),
    slope: slopeOf(pairs, { deviations, participants, level }),
  };
}

const limitQuantile = normalQuantile(0.975);

function slopeOf(
  pairs: readonly VolumePair[],
  {
    deviations,
    participants,
    level,
  }: { readonly deviations: readonly number[]; readonly participants: readonly string[]; readonly level: number },
): EstimateWithInterval | null {
  const middle = ({ truth, predicted }: VolumePair): number => (truth + predicted) / 2;
  const [first] = pairs.map(middle);
  if (pairs.every((pair) => middle(pair) === first)) return null;
  const mean = meanOf(pairs, middle);
  const offsets = pairs.map((pair) => middle(pair) - mean);
  const squares = sumOf(offsets, (one) => one * one);
  const slope = sumOf(offsets, (one, index) => one * (deviations[index] as number)) / squares;
  const influences = offsets.map((one, index) => (one * ((deviations[index] as number) - slope * one)) / squares);
  const interval = clusteredInterval({ estimate: slope, influences, participants, coefficients: 2, level });
  return { value: slope, interval };
}

function sumOf(values: readonly number[], valueOf: (value: number, index: number) => number): number {
  return values.reduce((sum, value, index) => sum + valueOf(value, index), 0);
}
