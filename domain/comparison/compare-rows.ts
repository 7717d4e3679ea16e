import { meanOf, reportedCaseMeans } from '../evaluate/case-means.js';
import type { EvaluationGrid, ReportedRow } from '../evaluate/evaluation-row.js';
import { metricNames, metrics } from '../evaluate/metrics.js';
import { grouped } from '../plan/grouped.js';
import { randomStream } from '../random/random-stream.js';
import { foldSpread } from '../statistics/fold-spread.js';
import { includingTraining } from '../statistics/including-training.js';
import { pairedBootstraps } from '../statistics/paired-bootstrap.js';
import { stratumOfParticipants } from '../statistics/participant-strata.js';
import { haveSameFolds } from './paired-folds.js';
import { pairedGroups } from './paired-groups.js';
import { sharedCases } from './shared-cases.js';
import type { ComparedArm, ComparedDataSet, SweepComparison } from './sweep-comparison.js';

const resamples = 10_000;
const confidence = 0.95;

/** The rows of a sweep, and how its folds were drawn. */
export interface ComparedSweep {
  readonly rows: readonly ReportedRow[];
  readonly isStratified: boolean;
}

/** A case of an arm in both sweeps: means over the repeats. */
interface Pair {
  readonly a: ReportedRow;
  readonly b: ReportedRow;
}

interface Participants {
  /** By case id. */
  readonly participantOf: ReadonlyMap<string, string>;
  /** The stratum of each participant; null if no folds are stratified. */
  readonly strata: ReadonlyMap<string, number> | null;
}

/**
 * The data sets and arms that two sweeps share by name, over the cases that they share; see `sharedCases`. If both were measured
 * on the same grid, they are compared there, else on the native one. Names that only one has are listed. ARGUMENT_INVALID if an
 * arm has a repeat of a case twice.
 */
export function compareRows(
  a: ComparedSweep,
  b: ComparedSweep,
): Pick<SweepComparison, 'grid' | 'dataSets' | 'onlyA' | 'onlyB'> {
  const grids = new Set([...a.rows, ...b.rows].map(({ grid }) => grid));
  const grid = grids.size === 1 ? ([...grids][0] as EvaluationGrid) : 'native'; // it has one
  const [rowsA, rowsB] = [a.rows, b.rows].map((rows) => rows.map((row) => onGrid(grid, row)));
  const isStratified = a.isStratified || b.isStratified;
  const [ofA, ofB] = [grouped(rowsA ?? [], nameOfDataSet), grouped(rowsB ?? [], nameOfDataSet)];
  const dataSets = inBoth(ofA, ofB).map(({ name, own, other }) => compareDataSet(name, own, other, isStratified));
  const [armsA, armsB] = [ofA, ofB].map((sets) => [...sets].flatMap(([name, rows]) => [name, ...armNames(name, rows)]));
  return { grid, dataSets, onlyA: without(armsA ?? [], armsB ?? []), onlyB: without(armsB ?? [], armsA ?? []) };
}

/** A row as it is on a grid. */
function onGrid(grid: EvaluationGrid, row: ReportedRow): ReportedRow {
  return row.grid === grid ? row : { ...row, ...row.otherGrid, grid };
}

function compareDataSet(
  name: string,
  rowsA: readonly ReportedRow[],
  rowsB: readonly ReportedRow[],
  isStratified: boolean,
): ComparedDataSet {
  const cases = sharedCases(rowsA, rowsB);
  const shared = new Set(cases.shared);
  const isShared = ({ caseId }: ReportedRow): boolean => shared.has(caseId);
  const [ofA, ofB] = [grouped(rowsA.filter(isShared), nameOfArm), grouped(rowsB.filter(isShared), nameOfArm)];
  const participants = participantsOf(rowsA.filter(isShared), rowsB);
  const strata = isStratified ? stratumOfParticipants(participants.rows) : null;
  const arms = inBoth(grouped(rowsA, nameOfArm), grouped(rowsB, nameOfArm)).map(({ name: arm, own: [first] }) => {
    const pairs = pairsOf(ofA.get(arm) ?? [], ofB.get(arm) ?? []);
    return compareArm(first as ReportedRow, pairs, { participantOf: participants.byCase, strata });
  });
  return { name, unit: (rowsA[0] as ReportedRow).unit, ...cases, arms }; // no data set or arm is without rows
}

/** The participant of each shared case, the same for those that have one in common in either sweep, and a row of each case with it. */
function participantsOf(
  rowsA: readonly ReportedRow[],
  rowsB: readonly ReportedRow[],
): { readonly byCase: ReadonlyMap<string, string>; readonly rows: readonly ReportedRow[] } {
  const inB = new Map(rowsB.map((row) => [row.caseId, row.participant]));
  const cases = [...new Map(rowsA.map((row) => [row.caseId, row])).values()];
  const groups = pairedGroups(cases.map(({ caseId, participant: a }) => ({ a, b: inB.get(caseId) ?? a })));
  const rows = cases.map((row, index) => ({ ...row, participant: groups[index] as string })); // one for each case
  return { byCase: new Map(rows.map(({ caseId, participant }) => [caseId, participant])), rows };
}

/** In the order of case ids. */
function pairsOf(rowsA: readonly ReportedRow[], rowsB: readonly ReportedRow[]): Pair[] {
  const known = new Map(reportedCaseMeans(rowsB).map((row) => [row.caseId, row]));
  return reportedCaseMeans(rowsA).flatMap((a) => {
    const b = known.get(a.caseId);
    return b === undefined ? [] : [{ a, b }];
  });
}

function compareArm(
  { dataSet, model, loss }: ReportedRow,
  pairs: readonly Pair[],
  { participantOf, strata }: Participants,
): ComparedArm {
  const groups = pairs.map(({ a }) => participantOf.get(a.caseId) as string); // each shared case has one
  const participants = new Set(groups).size;
  const withoutTraining = whyWithoutTraining(pairs);
  if (pairs.length === 0) return { model, loss, cases: 0, participants, withoutTraining, measures: [] };
  const columns = metricNames.map((metric) => {
    const { valueOf } = metrics[metric];
    return pairs.map(({ a, b }) => valueOf(b) - valueOf(a));
  });
  // The stream of `volbias diff`: over the same cases, both have the same interval.
  const random = randomStream(dataSet, 'diff');
  const tests = pairedBootstraps({ columns, groups, resamples, random, confidence });
  const cases = pairs.map(({ a }, index) => ({ ...a, participant: groups[index] as string })); // one for each pair
  const measures = metricNames.flatMap((metric, index) => {
    const [values, test] = [columns[index], tests[index]];
    if (values === undefined || test === undefined) return [];
    const spread = withoutTraining === null ? foldSpread({ values, cases, strata }) : null;
    return {
      metric,
      a: meanOf(pairs, (pair) => metrics[metric].valueOf(pair.a)),
      b: meanOf(pairs, (pair) => metrics[metric].valueOf(pair.b)),
      difference: test.mean,
      conditional: { pValue: test.pValue, interval: test.interval },
      includingTraining: spread === null ? null : includingTraining(spread, confidence),
    };
  });
  return { model, loss, cases: pairs.length, participants, withoutTraining, measures };
}

/** Null if the differences have effects of trainings that are independent between folds. */
function whyWithoutTraining(pairs: readonly Pair[]): string | null {
  const folds = pairs.map(({ a, b }) => ({ a: a.fold, b: b.fold }));
  if (new Set(folds.map(({ a }) => a)).size < 2 || new Set(folds.map(({ b }) => b)).size < 2) {
    return 'the shared cases are in fewer than two folds';
  }
  return haveSameFolds(folds) ? null : 'the sweeps have other folds, so that no fold has one training of each';
}

function nameOfDataSet({ dataSet }: ReportedRow): string {
  return dataSet;
}

function nameOfArm({ model, loss }: ReportedRow): string {
  return `${model}.${loss}`;
}

function armNames(dataSet: string, rows: readonly ReportedRow[]): string[] {
  return [...new Set(rows.map((row) => `${dataSet}.${nameOfArm(row)}`))];
}

/** In the order of the first. */
function inBoth<T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): { name: string; own: T; other: T }[] {
  return [...a].flatMap(([name, own]) => {
    const other = b.get(name);
    return other === undefined ? [] : [{ name, own, other }];
  });
}

/** An arm of a data set that is named itself is not named again. */
function without(names: readonly string[], others: readonly string[]): string[] {
  const own = names.filter((name) => !others.includes(name));
  return own.filter((name) => !own.some((dataSet) => name.startsWith(`${dataSet}.`)));
}
