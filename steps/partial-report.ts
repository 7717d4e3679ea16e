import type { UnitFailure, UnitGap } from '../contracts/sweep.js';
import { unitId, cancelledUnit, type PlannedUnit } from '../domain/plan/units.js';
import type { PartialCounts } from '../domain/report/report-input.js';
import type { SweepContent } from '../storage/sweeps/sweep-content.js';
import type { SweepRecord } from '../storage/sweeps/sweep-records.js';
import { recordedFailures, wordsOfFailure } from '../storage/sweeps/failure-records.js';
import { manifestDigest } from '../storage/store/local-artifact-store.js';
import { readSweepResult } from '../storage/sweeps/sweep-results.js';
import { compare, compareRows, comparisonSettings } from './compare.js';
import { evaluate } from './evaluate.js';
import { join, joinEvaluations } from './join.js';
import { storedResults, type StoredResults } from './planning/stored-results.js';
import type { ProvenanceSources } from './provenance/provenance-of.js';
import { datedWorks } from './provenance/recorded.js';
import { sweepHistories } from './provenance/sweep-history.js';
import { reportContent } from './report-content.js';
import { report, reportSettings } from './report.js';
import type { PipelineStep } from './step.js';
import { stepInputs, summaryOf, type StepInput, type StepInputs } from './step-inputs.js';

/** The report of a sweep that is not finished. */
export interface PartialReport {
  readonly counts: PartialCounts;
  /** By name; null if no training has results yet. */
  readonly files: Readonly<Record<string, string>> | null;
}

/**
 * Reports what the store has of a sweep now, joined and compared in memory as the steps would. Stores and records nothing, and
 * asks neither the engine nor the data sets, so that a run is not disturbed.
 */
export async function partialReport(
  { folder, store, lineage }: ProvenanceSources,
  record: SweepRecord,
  content: SweepContent,
): Promise<PartialReport> {
  const { records } = await lineage.inspect();
  const stored = await storedResults(store, content);
  const failures = await failuresOf({ folder, store }, record.id, sweepHistories(records).get(record.id)?.cancelled);
  const evaluations = stored.units.filter(({ step }) => step === evaluate.name);
  const missing = evaluations.filter(({ id }) => !stored.results.has(id));
  const gaps = gapsBehind(missing, stored, failures);
  const evaluated = evaluations.length - missing.length;
  const counts = { total: evaluations.length, evaluated, failed: gaps.length };
  if (evaluated === 0) return { counts, files: null };
  const refs = [...stored.results].map(([unit, ref]) => ({ unit, ref: { ...ref, key: '' } })); // so that none is disowned
  const inputs = await joinedInputs(stepInputs(store, refs), content, gaps);
  const { files } = await reportContent({
    ...{ inputs, gaps: [], store, partial: counts, version: report.version },
    settings: reportSettings(content),
    recorded: datedWorks(records),
  });
  return { counts, files };
}

/** The last failure of each unit that has not succeeded since, with its full message. */
async function failuresOf(
  sources: Pick<ProvenanceSources, 'folder' | 'store'>,
  sweepId: string,
  cancelled: ReadonlySet<string> = new Set(),
): Promise<ReadonlyMap<string, UnitFailure>> {
  const recorded = await recordedFailures(sources.folder, sweepId);
  const { failures = [] } = (await readSweepResult(sources.folder, sweepId)) ?? {};
  const known = new Map(
    [...recorded].map(([unit, kind]): [string, UnitFailure] => [unit, { unit, kind, message: '' }]),
  );
  for (const failure of failures) known.set(failure.unit, failure);
  for (const unit of cancelled) known.set(unit, cancelledUnit(unit));
  const told = [...known.values()].map(async (failure): Promise<[string, UnitFailure]> => {
    const { unit, kind } = failure;
    return [unit, { unit, kind, message: await wordsOfFailure(sources, sweepId, failure) }];
  });
  return new Map(await Promise.all(told));
}

/** Those of the missing units behind which there is a failure, their own or that of a unit that they need. */
function gapsBehind(
  missing: readonly PlannedUnit[],
  { units, results }: StoredResults,
  failures: ReadonlyMap<string, UnitFailure>,
): UnitGap[] {
  const causes = new Map<string, UnitFailure>();
  // In the order of the plan, so that what a unit needs is known before it.
  for (const { id, needs } of units) {
    if (results.has(id)) continue;
    const cause = failures.get(id) ?? needs.map((need) => causes.get(need)).find((one) => one !== undefined);
    if (cause !== undefined) causes.set(id, cause);
  }
  return missing.flatMap(({ id }) => {
    const cause = causes.get(id);
    return cause === undefined ? [] : [{ unit: id, cause }];
  });
}

/** The inputs of a report: those that are stored, and what joins and compares them, which is made here. */
async function joinedInputs(
  stored: StepInputs,
  content: SweepContent,
  gaps: readonly UnitGap[],
): Promise<Pick<StepInputs, 'all'>> {
  const evaluated = await stored.all(evaluate);
  const { grid } = content.config.evaluation;
  const made = new Map<string, Made[]>([
    [join.name, []],
    [compare.name, []],
  ]);
  for (const dataSet of content.config.dataSets) {
    const { name } = dataSet;
    const isOwn = ({ unit }: { readonly unit: string }): boolean => unit.startsWith(`${evaluate.name} ${name}/`);
    const summaries = evaluated.filter(isOwn).map(({ summary }) => summary);
    const joined = joinEvaluations(summaries, { grid, gaps: gaps.filter(isOwn) });
    const comparisons = compareRows(comparisonSettings({ ...content, dataSet }), joined.rows);
    made.get(join.name)?.push({ unit: unitId(join.name, { dataSet: name }), summary: joined });
    made.get(compare.name)?.push({ unit: unitId(compare.name, { dataSet: name }), summary: { comparisons } });
  }
  return {
    all: (step) => {
      const own = made.get(step.name);
      return own === undefined ? stored.all(step) : Promise.resolve(own.map((one) => inputOf(step, one)));
    },
  };
}

interface Made {
  readonly unit: string;
  readonly summary: unknown;
}

function inputOf<Summary>(step: PipelineStep<Summary>, { unit, summary }: Made): StepInput<Summary> {
  return {
    unit,
    digest: manifestDigest({ files: {}, summary }),
    summary: summaryOf(step, summary, `what joins ${unit}`),
    file: (name) => Promise.reject(new Error(`${unit} has no file ${name}`)),
  };
}
