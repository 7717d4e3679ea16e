import { canonicalJson } from '../../plan/key.js';
import { parseUnitName } from '../../plan/unit-name.js';
import type { HistoryRow } from '../../training/training-progress.js';
import { settingsOf } from '../settings.js';
import type { ArmMeans } from './arm-means.js';
import type { ExportedFailure, ExportedSweep, ExportedUnit } from './exported-sweep.js';
import type { ExportFiles } from './export-formats.js';
import { shortDigest, sweepRunId, unknownTime, versionOf, workId } from './identifiers.js';

/** The numbers by which MLflow's file store names how a run has ended. */
const statuses = { finished: 3, failed: 4 } as const;
const localSource = 4;

interface Run {
  readonly id: string;
  readonly name: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly status: keyof typeof statuses;
  readonly parameters: unknown;
  readonly metrics: readonly Metric[];
  readonly tags: Readonly<Record<string, string>>;
  readonly artifacts: ExportFiles;
}

interface Metric {
  readonly name: string;
  readonly value: number;
  readonly step: number;
}

/**
 * A sweep as a folder of MLflow's file store: an experiment with a run for the sweep, whose metrics are the means of Table
 * 1, and a run below it for each training, with its epochs and the means over its held-out cases. Paths are relative to the
 * folder that contains mlruns/.
 */
export function mlflowRuns(sweep: ExportedSweep): ExportFiles {
  const experiment = experimentId(sweep);
  const trainings = sweep.units.filter(({ epochs }) => epochs.length > 0);
  const runs = [
    sweepRun(sweep),
    ...trainings.map((unit) => trainingRun(sweep, unit)),
    ...sweep.failures.filter(({ step }) => step === 'train').map((failure) => failedRun(sweep, failure)),
  ];
  const folder = `mlruns/${experiment}`;
  return new Map([
    [`${folder}/meta.yaml`, experimentMeta(sweep, folder)],
    ...runs.flatMap((run) => [...filesOf(run, { folder, experiment, sweep })]),
  ]);
}

/** 18 digits, as MLflow's own ids have. */
function experimentId({ specification }: ExportedSweep): string {
  const number = BigInt(`0x${shortDigest(specification).slice(0, 16)}`) % 9n ** 18n;
  return String(number + 10n ** 17n).slice(0, 18);
}

function experimentMeta({ id, startedAt, endedAt }: ExportedSweep, folder: string): string {
  return yaml({
    artifact_location: folder,
    creation_time: milliseconds(startedAt ?? endedAt),
    experiment_id: folder.slice('mlruns/'.length),
    last_update_time: milliseconds(endedAt),
    lifecycle_stage: 'active',
    name: id,
  });
}

function filesOf(
  run: Run,
  {
    folder,
    experiment,
    sweep,
  }: { readonly folder: string; readonly experiment: string; readonly sweep: ExportedSweep },
): Map<string, string | Uint8Array> {
  const own = `${folder}/${run.id}`;
  const user = sweep.operators.join(', ');
  const meta = yaml({
    artifact_uri: `${own}/artifacts`,
    deleted_time: null,
    end_time: milliseconds(run.endedAt),
    entry_point_name: '',
    experiment_id: experiment,
    lifecycle_stage: 'active',
    run_id: run.id,
    run_name: run.name,
    run_uuid: run.id,
    source_name: '',
    source_type: localSource,
    source_version: '',
    start_time: milliseconds(run.startedAt),
    status: statuses[run.status],
    tags: [],
    user_id: user,
  });
  const tags = {
    ...run.tags,
    'mlflow.runName': run.name,
    'mlflow.source.name': `volbias ${versionOf(sweep)}`,
    ...(user !== '' && { 'mlflow.user': user }),
  };
  const lines = new Map<string, string>();
  const at = milliseconds(run.endedAt);
  for (const { name, value, step } of run.metrics) {
    lines.set(name, `${lines.get(name) ?? ''}${at} ${value} ${step}\n`);
  }
  return new Map<string, string | Uint8Array>([
    [`${own}/meta.yaml`, meta],
    // MLflow takes a folder without these for something else.
    ...['params', 'metrics', 'artifacts'].map((name) => [`${own}/${name}/`, ''] as const),
    ...settingsOf(run.parameters).map(({ name, value }) => [`${own}/params/${name}`, textOf(value)] as const),
    ...[...lines].map(([name, text]) => [`${own}/metrics/${name}`, text] as const),
    ...Object.entries(tags).map(([name, text]) => [`${own}/tags/${name}`, text] as const),
    ...[...run.artifacts].map(([name, bytes]) => [`${own}/artifacts/${name}`, bytes] as const),
  ]);
}

function sweepRun(sweep: ExportedSweep): Run {
  const { id, config, means, startedAt, endedAt, specification, logHead, report, failures } = sweep;
  return {
    ...{ id: sweepRunId(sweep), name: id, parameters: config },
    ...{ startedAt: startedAt ?? endedAt, endedAt },
    status: failures.length > 0 ? 'failed' : 'finished',
    metrics: means
      .filter(({ training }) => training === undefined)
      .flatMap((arm) => meanMetrics(arm, `${arm.dataSet}.${arm.model}.${arm.loss}.`)),
    tags: { 'volbias.specification': specification, 'volbias.logHead': logHead },
    artifacts: new Map(report.contents.map(({ name, bytes }) => [`report/${name}`, bytes])),
  };
}

function trainingRun(sweep: ExportedSweep, unit: ExportedUnit): Run {
  const { key, sha256, version, parameters, epochs, facts, readyAt, recordedAt } = unit;
  const { dataSet, model, loss, fold, repeat = 0 } = parseUnitName(unit.unit)?.coordinates ?? {};
  const own = sweep.means.filter(
    (one) =>
      one.dataSet === dataSet &&
      one.model === model &&
      one.loss === loss &&
      one.training?.fold === fold &&
      one.training?.repeat === repeat,
  );
  return {
    ...{ id: workId(unit), name: unit.unit, status: 'finished' },
    parameters: { ...(parameters as object), model, loss, fold, repeat },
    ...{ startedAt: readyAt, endedAt: recordedAt },
    metrics: [...epochs.flatMap(epochMetrics), ...own.flatMap((one) => meanMetrics(one))],
    tags: {
      ...parentTag(sweep),
      ...{ 'volbias.key': key, 'volbias.sha256': sha256, 'volbias.stepVersion': String(version) },
      ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [`volbias.${name}`, String(value)])),
    },
    artifacts: new Map([['history.json', canonicalJson(epochs)]]),
  };
}

function failedRun(sweep: ExportedSweep, { unit, kind, message, at }: ExportedFailure): Run {
  return {
    ...{ id: shortDigest({ sweep: sweep.id, failed: unit }), name: unit, status: 'failed' },
    parameters: parseUnitName(unit)?.coordinates,
    ...{ startedAt: at, endedAt: at, metrics: [], artifacts: new Map() },
    tags: { ...parentTag(sweep), 'volbias.failure': message ?? kind },
  };
}

function parentTag(sweep: ExportedSweep): Readonly<Record<string, string>> {
  return { 'mlflow.parentRunId': sweepRunId(sweep) };
}

function epochMetrics({ epoch: step, trainingLoss, validationLoss, learningRate }: HistoryRow): Metric[] {
  return Object.entries({ trainingLoss, validationLoss, learningRate }).map(([name, value]) => ({ name, value, step }));
}

function meanMetrics({ values }: ArmMeans, prefix = ''): Metric[] {
  return Object.entries(values).map(([name, value]) => ({ name: `${prefix}${name}`, value, step: 0 }));
}

/** YAML has JSON's scalars. */
function yaml(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('');
}

function milliseconds(time: string | null): number {
  return Date.parse(time ?? unknownTime);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}
