import type { Config } from '../configs/config-schema.js';
import type { UnitGap } from '../contracts/sweep.js';
import type { EvaluationRow } from '../domain/evaluate/evaluation-row.js';
import { checkLock } from '../domain/lock/lock-check.js';
import type { Lock } from '../domain/lock/lock.js';
import { mayRerun, remediesFor } from '../domain/plan/failure-advice.js';
import { planUnits, trainingPlace, unitId } from '../domain/plan/units.js';
import type { PartialCounts } from '../domain/report/report-input.js';
import { resultsOf } from '../domain/results/results-of.js';
import type { Gap } from '../domain/results/results-input.js';
import { lastImprovement } from '../domain/training/improvement.js';
import { lossName } from '../domain/training/losses/loss-choice.js';
import type { NumericEnvironment } from '../storage/machine/runtime-record.js';
import type { ArtifactStore } from '../storage/store/artifact-store.js';
import { worksBehind, type RecordedWork } from '../storage/store/work-records.js';
import { compare } from './compare.js';
import { evaluate } from './evaluate.js';
import { join } from './join.js';
import { preprocess } from './preprocess.js';
import { frozenSweep } from './provenance/frozen-sweep.js';
import { machinesOf } from './provenance/machines.js';
import { originsOf } from './provenance/report-origins.js';
import { describeDataSets, theoryOf } from './report-data-sets.js';
import { scan } from './scan.js';
import { split } from './split.js';
import { statistics } from './statistics.js';
import type { StepInputs } from './step-inputs.js';
import { train } from './train.js';
import { placeOf } from './unit-sources.js';

/** What a report prints of its sweep beside the results. */
export interface ReportSettings {
  readonly config: Config;
  readonly sweepId: string;
  readonly specification: string;
  readonly environment?: NumericEnvironment;
  readonly lock?: Lock;
}

interface ReportWork {
  readonly settings: ReportSettings;
  readonly inputs: Pick<StepInputs, 'all'>;
  /** Units without results, with their failures. */
  readonly gaps: readonly UnitGap[];
  readonly store: ArtifactStore;
  readonly recorded: readonly RecordedWork[];
  /** The version of the step. */
  readonly version: number;
  /** Of a sweep that is not finished: a training without results then waits, unless there is a failure behind it. */
  readonly partial?: PartialCounts;
}

interface ReportContent {
  readonly files: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly gaps: number;
}

/** The files of a report of whatever the inputs have; what is missing is marked. */
export async function reportContent({
  settings: { config, sweepId, specification, lock },
  inputs,
  gaps,
  store,
  recorded,
  version,
  partial,
}: ReportWork): Promise<ReportContent> {
  // Every verb that knows the pipeline would load what only a report needs.
  const { reportFiles } = await import('../domain/report/report-files.js');
  const { galleryOf } = await import('./report-gallery.js');
  const { curvesOf } = await import('./report-curves.js');
  const joined = await inputs.all(join);
  const compared = await inputs.all(compare);
  const scanned = await inputs.all(scan);
  const prepared = await inputs.all(preprocess);
  const described = await inputs.all(statistics);
  const drawn = await inputs.all(split);
  const evaluated = await inputs.all(evaluate);
  const curves = await curvesOf(await inputs.all(train));
  const rows = joined.flatMap(({ summary }) => summary.rows);
  const behind = [...joined.flatMap(({ summary }) => summary.gaps), ...gaps];
  const missing = await explainedGaps({ config, rows, behind, store, isPartial: partial !== undefined });
  const { decides, correction, significance, equivalenceMargin } = config.statistics;
  // What joins the rows of a partial report is recorded nowhere.
  const own = partial === undefined ? [] : evaluated;
  const works = worksBehind(recorded, [...own, ...described, ...drawn, ...joined, ...compared]);
  const versions = { ...Object.fromEntries(works.map((work) => [work.step, work.version])), report: version };
  const dataSets = config.dataSets.map(({ name }) => name);
  const results = resultsOf({
    dataSets: describeDataSets(config, { scanned, prepared, described }),
    models: config.arms.models,
    losses: config.arms.losses.map(lossName),
    folds: Array.from({ length: config.split.folds }, (_, fold) => fold),
    repeats: config.training.repeats ?? 1,
    rows,
    reliabilities: joined.flatMap(({ summary }) => summary.reliabilities),
    grid: config.evaluation.grid,
    comparisons: compared.flatMap(({ summary }) => summary.comparisons),
    rules: { decides, correction, significance },
    equivalenceMargin,
    theory: config.dataSets.flatMap((dataSet) => theoryOf(dataSet, config)),
    gaps: missing,
    thresholdsMl: config.evaluation.thresholdsMl ?? [],
    collapses: joined.flatMap(({ summary }) => summary.collapses ?? []),
    endings: curves.map(({ dataSet, model, loss, history, bestEpoch, stoppedBecause }) => ({
      ...{ dataSet, model, loss },
      isUnfinished: stoppedBecause === 'maxEpochs' && bestEpoch === history.length,
      lastImprovement: stoppedBecause === 'maxEpochs' ? lastImprovement(history) : 0,
    })),
  });
  const files = reportFiles({
    title: `${config.name}: does the loss bias the volume?`,
    sweepId,
    results,
    config,
    machines: machinesOf(works),
    origins: await originsOf(store, works, {
      ...{ specification, dataSets, scanned, joined, evaluated },
      others: [...described, ...drawn, ...compared],
    }),
    trainings: curves,
    gallery: await galleryOf({ config, rows, described, evaluated, store }),
    ...(lock !== undefined && { lock: checkLock(lock, frozenSweep(config, { scanned, drawn }, versions)) }),
    remedies: remediesFor(behind.map(({ cause }) => cause)),
    ...(partial !== undefined && { partial }),
    ...(behind.some(({ cause }) => mayRerun(cause)) && { rerunCommand: `volbias rerun ${sweepId} --failed` }),
  });
  return { files, rows: rows.length, gaps: missing.length };
}

/** Every training without rows, with the message of the failure behind it. */
async function explainedGaps({
  config: { dataSets, arms, split, training },
  rows,
  behind,
  store,
  isPartial,
}: {
  readonly config: Config;
  readonly rows: readonly EvaluationRow[];
  readonly behind: readonly UnitGap[];
  readonly store: ArtifactStore;
  readonly isPartial: boolean;
}): Promise<Gap[]> {
  const present = new Set(
    rows.map(({ dataSet, model, loss, fold, repeat = 0 }) =>
      unitId(evaluate.name, { dataSet, model, loss, ...trainingPlace(fold, repeat) }),
    ),
  );
  const counts = { folds: split.folds, repeats: training.repeats ?? 1 };
  const losses = arms.losses.map(lossName);
  const shape = { models: arms.models, losses, ...counts, dataSets: dataSets.map(({ name }) => ({ name, shards: 0 })) };
  const withoutGap = isPartial ? 'not finished yet' : 'the data set could not be prepared';
  const reasonOf = (gap: UnitGap | undefined): Promise<string> | string =>
    gap === undefined ? withoutGap : failureBehind(gap, store);
  const missing = planUnits([evaluate], shape).filter(({ id }) => !present.has(id));
  return Promise.all(
    missing.map(async ({ id, coordinates }) => ({
      dataSet: coordinates.dataSet ?? '',
      ...placeOf.armFold(coordinates),
      reason: await reasonOf(behind.find(({ unit }) => unit === id)),
    })),
  );
}

async function failureBehind({ cause }: UnitGap, store: ArtifactStore): Promise<string> {
  const { unit, kind, message, reason } = cause;
  const words = reason === undefined ? `${kind}: ${message}` : Buffer.from(await store.readBlob(reason)).toString();
  return `${unit} failed: ${words}`;
}
