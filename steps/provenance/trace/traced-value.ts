import { DomainError } from '../../../domain/domain-error.js';
import { reportedCaseMeans } from '../../../domain/evaluate/case-means.js';
import type { ReportedRow } from '../../../domain/evaluate/evaluation-row.js';
import { meanWhereDefined } from '../../../domain/evaluate/segmentation/score-means.js';
import type { Trace, TracedCase } from '../../../domain/lineage/trace.js';
import type { TraceTarget } from '../../../domain/lineage/trace-target.js';
import {
  isScore,
  isVolume,
  measureNames,
  measureOf,
  type MeasureName,
} from '../../../domain/lineage/traced-measure.js';
import { trainingPlace, unitId } from '../../../domain/plan/units.js';
import type { ArtifactStore } from '../../../storage/store/artifact-store.js';
import { evaluate } from '../../evaluate.js';
import { join } from '../../join.js';
import { summaryOfWork, type DatedWork } from '../recorded.js';

export type TracedValue = Pick<Trace, 'value' | 'measuredIn' | 'grid' | 'values' | 'cases'>;

/** A number of the tables, computed from the rows as the report does. ARGUMENT_INVALID if there is no such case. */
export async function tracedValue(
  store: ArtifactStore,
  target: Extract<TraceTarget, { kind: 'value' | 'row' }>,
  works: readonly DatedWork[],
): Promise<TracedValue> {
  const { dataSet, model, loss } = target.arm;
  const joined = works.find(({ unit }) => unit === unitId(join.name, { dataSet }));
  const { rows } = joined === undefined ? { rows: [] } : await summaryOfWork(store, join, joined);
  const ofArm = rows.filter((row) => row.dataSet === dataSet && row.model === model && row.loss === loss);
  const chosen = target.caseId === undefined ? ofArm : ofArm.filter(({ caseId }) => caseId === target.caseId);
  const [first] = chosen;
  if (first === undefined) {
    const cases = [...new Set(ofArm.map(({ caseId }) => caseId))].sort();
    const some = cases.slice(0, 5).join(', ');
    const known = cases.length === 0 ? 'it has no results' : `it has ${cases.length} cases: ${some}, …`;
    const missing = target.caseId === undefined ? 'cases' : `case "${target.caseId}"`;
    throw new DomainError('ARGUMENT_INVALID', `${dataSet}.${model}.${loss} has no ${missing}; ${known}`);
  }
  const means = reportedCaseMeans(chosen);
  const measure = target.kind === 'value' ? target.measure : undefined;
  const value = measure === undefined ? null : meanWhereDefined(means.map((row) => measureOf(row, measure))).mean;
  const grid = measure !== undefined && isScore(measure) ? 'native' : first.grid;
  return {
    ...{ value, measuredIn: measure !== undefined && isVolume(measure) ? first.unit : null, grid },
    ...(measure === undefined && { values: valuesOf(means[0] ?? first) }),
    cases: await tracedCases(store, { means, rows: chosen, measure, works }),
  };
}

function valuesOf(row: ReportedRow): Record<MeasureName, number | null> {
  const values = measureNames.map((name) => [name, measureOf(row, name)] as const);
  return Object.fromEntries(values) as Record<MeasureName, number | null>; // one for each name
}

async function tracedCases(
  store: ArtifactStore,
  {
    means,
    rows,
    measure,
    works,
  }: {
    readonly means: readonly ReportedRow[];
    readonly rows: readonly ReportedRow[];
    readonly measure: MeasureName | undefined;
    readonly works: readonly DatedWork[];
  },
): Promise<TracedCase[]> {
  const predictions = new Map<string, TracedCase['predictions'][number][]>();
  for (const { dataSet, model, loss, fold, repeat = 0 } of onePerTraining(rows)) {
    const unit = unitId(evaluate.name, { dataSet, model, loss, ...trainingPlace(fold, repeat) });
    const work = works.find((one) => one.unit === unit);
    if (work === undefined) throw new DomainError('STORE_CORRUPT', `the lineage log has no record of ${unit}`);
    const { files } = await store.manifest(work.digest);
    for (const { caseId, file } of (await summaryOfWork(store, evaluate, work)).predictions) {
      const own = predictions.get(caseId) ?? [];
      own.push({ unit, fold, repeat, file, sha256: files[file]?.digest ?? '' });
      predictions.set(caseId, own);
    }
  }
  return means.map((row) => ({
    case: row.caseId,
    participant: row.participant,
    value: measure === undefined ? null : measureOf(row, measure),
    predictions: predictions.get(row.caseId) ?? [],
  }));
}

/** One row of each training, by fold and repeat. */
function onePerTraining(rows: readonly ReportedRow[]): ReportedRow[] {
  const byTraining = new Map(rows.map((row) => [`${row.fold} ${row.repeat ?? 0}`, row]));
  return [...byTraining.values()].sort((a, b) => a.fold - b.fold || (a.repeat ?? 0) - (b.repeat ?? 0));
}
