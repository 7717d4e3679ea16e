import { parseUnitName } from '../../domain/plan/unit-name.js';
import { stepOfUnit, trainingPlace, unitId } from '../../domain/plan/units.js';
import type { ReportedRow } from '../../domain/evaluate/evaluation-row.js';
import type { DataSetOrigin, Origins, TrainingOrigin, UnitOrigin } from '../../domain/report/origins.js';
import { allFilesOf } from '../../storage/datasets/scan-cases.js';
import type { ArtifactStore } from '../../storage/store/artifact-store.js';
import { workFinder, type RecordedWork } from '../../storage/store/work-records.js';
import { evaluate } from '../evaluate.js';
import type { join } from '../join.js';
import { type scan } from '../scan.js';
import type { SummaryOf } from '../step.js';
import type { StepInput } from '../step-inputs.js';
import { train } from '../train.js';
import { summaryOfWork } from './recorded.js';

interface Sources {
  readonly specification: string;
  readonly dataSets: readonly string[];
  readonly scanned: readonly StepInput<SummaryOf<typeof scan>>[];
  readonly joined: readonly StepInput<SummaryOf<typeof join>>[];
  readonly evaluated: readonly Result[];
  /** The other inputs of the report to be named. */
  readonly others: readonly Result[];
}

type Result = Pick<UnitOrigin, 'unit' | 'digest'>;

/** The work behind a report's rows and tests, by the records of the log. What the log has no record of is left out. */
export async function originsOf(
  store: ArtifactStore,
  works: readonly RecordedWork[],
  { specification, dataSets, scanned, joined, evaluated, others }: Sources,
): Promise<Origins> {
  const find = workFinder(works);
  const originOf = (result: Result): UnitOrigin[] => {
    const work = find(result);
    // Another sweep that has done the work may have had another name for the data set.
    return work === undefined ? [] : [{ unit: result.unit, key: work.key, digest: work.digest }];
  };
  const trainings: TrainingOrigin[] = [];
  const evaluations = new Map(evaluated.map((one) => [one.unit, one]));
  for (const { summary } of joined) {
    for (const row of onePerTraining(summary.rows)) {
      const { dataSet, model, loss, fold, repeat = 0 } = row;
      const id = unitId(evaluate.name, { dataSet, model, loss, ...trainingPlace(fold, repeat) });
      const evaluation = evaluations.get(id);
      const inputs = (evaluation && find(evaluation)?.inputs) ?? [];
      const training = inputs.find((input) => stepOfUnit(input.unit) === train.name);
      const work = training && find(training);
      if (evaluation === undefined || training === undefined || work === undefined) continue;
      const { bestEpoch } = await summaryOfWork(store, train, work);
      const [own] = originOf(evaluation);
      if (own === undefined) continue;
      const { key } = work;
      trainings.push({
        ...{ dataSet, model, loss, fold, repeat, evaluation: own },
        training: { unit: training.unit, key, digest: training.digest, bestEpoch },
      });
    }
  }
  return {
    specification,
    dataSets: dataSets.map((name): DataSetOrigin => {
      const isOwn = ({ unit }: Result): boolean => parseUnitName(unit)?.coordinates.dataSet === name;
      const results = [...scanned, ...others, ...joined].filter(isOwn);
      const files = scanned.filter(isOwn).flatMap(({ summary }) => summary.cases.flatMap(allFilesOf));
      return { name, files: files.length, units: results.flatMap(originOf) };
    }),
    trainings,
  };
}

/** A row of each training, in the order of the rows. */
function onePerTraining(rows: readonly ReportedRow[]): ReportedRow[] {
  const nameOf = ({ model, loss, fold, repeat = 0 }: ReportedRow): string =>
    JSON.stringify([model, loss, fold, repeat]);
  return [...new Map(rows.map((row) => [nameOf(row), row])).values()];
}
