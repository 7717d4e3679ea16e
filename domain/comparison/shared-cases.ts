import { reachableVolume, type CaseMetrics } from '../evaluate/evaluate-case.js';
import type { ReportedRow } from '../evaluate/evaluation-row.js';

/** A case that both sweeps have, with another true volume in each. */
export interface OtherTruth {
  readonly caseId: string;
  readonly a: number;
  readonly b: number;
}

/** Which cases of a data set two sweeps share. All lists are sorted by case id. */
export interface SharedCases {
  readonly shared: readonly string[];
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
  /** Not shared: what was measured is another structure. */
  readonly otherTruth: readonly OtherTruth[];
  /** Shared cases of whose true volume the networks of one sweep could see more than those of the other; ΔV is the error of that part. */
  readonly otherReach: readonly string[];
}

type Truth = Pick<CaseMetrics, 'unit' | 'truthVolume' | 'unpredictableVolume'>;

/** True volumes that differ less, relative to the larger one, are the same but for rounding. */
const rounding = 1e-9;

/**
 * Cases are the same if they have the same id, the same unit and the same true volume, up to rounding. The rows are of one data set,
 * on the same grid.
 */
export function sharedCases(rowsA: readonly ReportedRow[], rowsB: readonly ReportedRow[]): SharedCases {
  const [a, b] = [truths(rowsA), truths(rowsB)];
  const both = [...a].flatMap(([caseId, own]) => {
    const other = b.get(caseId);
    return other === undefined ? [] : [{ caseId, own, other }];
  });
  const shared = both.filter(({ own, other }) => isSame(own, other));
  return {
    shared: shared.map(({ caseId }) => caseId),
    onlyA: [...a.keys()].filter((caseId) => !b.has(caseId)),
    onlyB: [...b.keys()].filter((caseId) => !a.has(caseId)),
    otherTruth: both
      .filter(({ own, other }) => !isSame(own, other))
      .map(({ caseId, own, other }) => ({ caseId, a: own.truthVolume, b: other.truthVolume })),
    otherReach: shared
      .filter(({ own, other }) => !isSameVolume(reachableVolume(own), reachableVolume(other)))
      .map(({ caseId }) => caseId),
  };
}

/** By case id, sorted. */
function truths(rows: readonly ReportedRow[]): Map<string, Truth> {
  const byCase = new Map(rows.map((row): [string, Truth] => [row.caseId, row]));
  return new Map([...byCase].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isSame(a: Truth, b: Truth): boolean {
  return a.unit === b.unit && isSameVolume(a.truthVolume, b.truthVolume);
}

function isSameVolume(a: number, b: number): boolean {
  return Math.abs(a - b) <= rounding * Math.max(a, b);
}
