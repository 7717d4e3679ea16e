import { DomainError } from '../domain-error.js';
import type { RandomStream } from '../random/random-stream.js';
import { bcaCorrection } from './bca.js';
import { readEstimate, type BootstrapEstimate } from './bootstrap-estimate.js';
import { bootstrapMeans, type GroupedColumns } from './bootstrap-means.js';

/** percentile: the paper's way. bca: corrected for bias and skewness. */
export type IntervalKind = 'percentile' | 'bca';

/**
 * Tests of each quantity whether its mean over cases is 0, by resampling groups of cases; see `readEstimate` for p and
 * interval. All quantities see the same bootstrap samples. Groups are taken in the order of their names, so the order of
 * cases does not matter (but for rounding).
 *
 * Throws ARGUMENT_INVALID for no cases, columns of another length, a value not finite, or no resamples.
 */
export function pairedBootstraps({
  columns,
  groups,
  resamples,
  random,
  confidence,
  intervalKind = 'percentile',
}: {
  /** One a quantity, with a paired difference for each case, in any unit; its estimate has the same. */
  readonly columns: readonly ArrayLike<number>[];
  /** The group (participant) of each case. */
  readonly groups: readonly string[];
  readonly resamples: number;
  readonly random: RandomStream;
  readonly confidence: number;
  readonly intervalKind?: IntervalKind;
}): BootstrapEstimate[] {
  if (!(Number.isInteger(resamples) && resamples > 0))
    refuse(`expected a whole number of resamples, found ${resamples}`);
  if (!(confidence > 0 && confidence < 1)) refuse(`expected a confidence between 0 and 1, found ${confidence}`);
  const grouped = sumByGroup(columns, groups);
  const means = bootstrapMeans({ grouped, resamples, random });
  const { counts } = grouped;
  return grouped.sums.map((sums, column) => {
    const own = means[column] as Float64Array; // one array of means per column
    // Added up case by case, as the tables' means are, so that the two are the same number.
    let total = 0;
    for (let i = 0; i < groups.length; i++) total += columns[column]?.[i] ?? NaN;
    const mean = total / groups.length;
    const correction = intervalKind === 'bca' ? bcaCorrection({ means: own, mean, counts, sums }) : null;
    return readEstimate({
      means: own,
      mean,
      cases: groups.length,
      groups: counts.length,
      confidence,
      correction,
    });
  });
}

function sumByGroup(columns: readonly ArrayLike<number>[], groups: readonly string[]): GroupedColumns {
  if (groups.length === 0) refuse('expected at least one case');
  const indexOf = new Map([...new Set(groups)].sort().map((group, index) => [group, index]));
  const groupOfCase = Int32Array.from(groups, (group) => indexOf.get(group) ?? -1);
  const counts = new Float64Array(indexOf.size);
  for (const group of groupOfCase) counts[group] = (counts[group] ?? 0) + 1;
  const sums = columns.map((column) => {
    if (column.length !== groups.length) refuse(`${column.length} differences but ${groups.length} group names`);
    const result = new Float64Array(indexOf.size);
    groupOfCase.forEach((group, index) => {
      const value = column[index];
      if (value === undefined || !Number.isFinite(value))
        refuse(`the difference of case ${index} is ${value}; expected a finite number`);
      result[group] = (result[group] ?? 0) + value;
    });
    return result;
  });
  return { counts, sums };
}

function refuse(message: string): never {
  throw new DomainError('ARGUMENT_INVALID', `bootstrap: ${message}`);
}
