import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { PreprocessingConfig } from '../../configs/config-schema.js';
import type { StepRequest } from '../../contracts/activities.js';
import { DomainError } from '../../domain/domain-error.js';
import { canonicalJson } from '../../domain/plan/key.js';
import { unitId } from '../../domain/plan/units.js';
import type { Normalisation } from '../../domain/preprocess/normalise.js';
import type { ArtifactStore, WorkRecord } from '../store/artifact-store.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import type { ComputeNumerics } from '../machine/compute-environment.js';
import type { DataFolder } from '../store/data-folder.js';
import { LineageLog } from '../store/lineage-log.js';
import { readSweepRecord } from '../sweeps/sweep-records.js';
import { readSweepResult } from '../sweeps/sweep-results.js';
import { tfjsModel } from './tfjs-model.js';
import { normalisationOf, readUnitCases } from '../cases/unit-cases.js';

/** What a new case must go through before the networks of an arm see it, and where they come from. */
export interface EnsembleDescription extends ComputeNumerics {
  readonly sweep: string;
  readonly dataSet: string;
  readonly model: string;
  readonly loss: string;
  readonly modalities: readonly string[];
  readonly preprocessing: PreprocessingConfig;
  /** A probability above it counts as structure in the mask. */
  readonly threshold: number;
}

/** The network of one fold. */
export interface EnsembleMember {
  readonly fold: number;
  /** The bytes of a weights file. */
  readonly weights: Uint8Array;
  /** By modality, as of this fold's training cases (or of the data set); `case`: every case by itself. */
  readonly normalisation: 'case' | readonly Normalisation[];
}

/** The networks of one arm, a fold each, whose predictions are averaged. */
export interface Ensemble {
  readonly description: EnsembleDescription;
  readonly members: readonly EnsembleMember[];
}

/** Which networks of a sweep. */
export interface ArmChoice {
  readonly sweep: string;
  readonly model: string;
  readonly loss: string;
  /** Needed where the sweep has several. */
  readonly dataSet: string | undefined;
}

type LineageEntry = WorkRecord & { readonly digest: string };

/**
 * The trained networks of a sweep's arm: those from which its report was made, followed through the lineage. Folds
 * that failed are missing. ARGUMENT_INVALID where the sweep, arm or data set is unknown or has no report yet.
 */
export async function readSweepEnsemble(folder: DataFolder, store: ArtifactStore, arm: ArmChoice): Promise<Ensemble> {
  const record = await readSweepRecord(folder, arm.sweep);
  const report = (await readSweepResult(folder, record.id))?.report ?? null;
  if (report === null) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `${arm.sweep} is not finished; finish it: volbias run ${record.configPath}`,
    );
  }
  const dataSet = chooseDataSet(Object.keys(record.locations), arm);
  const entries = (await new LineageLog(folder.lineageLog).read())
    .filter(({ kind }) => kind === 'artifact')
    .map(({ spec }) => spec as LineageEntry);
  const find = (unit: string, digest: string): LineageEntry | undefined =>
    entries.findLast((entry) => entry.unit === unit && entry.digest === digest);
  const needsOf = (entry: LineageEntry | undefined, begin: string): LineageEntry[] =>
    (entry?.inputs ?? [])
      .filter(({ unit }) => unit.startsWith(begin))
      .flatMap((need) => find(need.unit, need.digest) ?? []);

  const [aggregate] = needsOf(find('report', report.digest), unitId('aggregate', { dataSet }));
  const place = { dataSet, model: arm.model, loss: arm.loss };
  const evaluations = needsOf(aggregate, `${unitId('evaluate', place)}/fold-`);
  if (evaluations.length === 0) {
    throw new DomainError(
      'ARGUMENT_INVALID',
      `${arm.sweep} has no trained networks for ${arm.model}/${arm.loss} on ${dataSet}`,
    );
  }
  const ofFolds = await Promise.all(
    evaluations.map((entry) => readMember(store, requestOf(entry, record, { ...place, fold: foldOf(entry.unit) }))),
  );
  const [first] = ofFolds;
  if (first === undefined) throw new Error('there is at least one evaluation');
  const members = ofFolds.map(({ member }) => member).sort((a, b) => a.fold - b.fold);
  return { description: { sweep: record.id, dataSet, model: arm.model, loss: arm.loss, ...first.shared }, members };
}

function chooseDataSet(known: readonly string[], { sweep, dataSet }: ArmChoice): string {
  if (dataSet !== undefined && known.includes(dataSet)) return dataSet;
  const [only, ...others] = known;
  if (dataSet === undefined && only !== undefined && others.length === 0) return only;
  const found = dataSet === undefined ? '' : `, not "${dataSet}"`;
  throw new DomainError(
    'ARGUMENT_INVALID',
    `${sweep} has the data sets ${known.join(', ')}${found}: choose by --data-set`,
  );
}

const foldOf = (unit: string): number => Number(/fold-(\d+)$/.exec(unit)?.[1]);

function requestOf(
  entry: LineageEntry,
  record: { readonly id: string; readonly specification: string },
  coordinates: StepRequest['coordinates'],
): StepRequest {
  const inputs = entry.inputs.map(({ unit, digest }) => ({ unit, ref: { step: entry.step, key: '', digest } }));
  return { sweepId: record.id, specification: record.specification, coordinates, key: entry.key, inputs, gaps: [] };
}

async function readMember(
  store: ArtifactStore,
  request: StepRequest,
): Promise<{
  member: EnsembleMember;
  shared: Pick<EnsembleDescription, 'modalities' | 'preprocessing' | 'threshold' | keyof ComputeNumerics>;
}> {
  const cases = await readUnitCases(store, request);
  const trained = request.inputs.find(({ unit }) => unit === unitId('train', request.coordinates));
  const [anyCase] = cases.training;
  if (trained === undefined || anyCase === undefined) {
    throw new DomainError('STORE_CORRUPT', 'the lineage of an evaluation names no training');
  }
  const weights = await store.readFile(await store.manifest(trained.ref.digest), 'weights.safetensors');
  const { dataSet, content } = cases;
  const { modalities, preprocessing } = dataSet;
  const { threads, tf32, deterministic } = content.config.numerics;
  const perCase = preprocessing.normalisation.scope === 'case';
  return {
    member: { fold: cases.fold, weights, normalisation: perCase ? 'case' : normalisationOf(cases, anyCase) },
    shared: {
      modalities,
      preprocessing,
      threshold: content.config.evaluation.threshold,
      threads,
      tf32,
      deterministic,
    },
  };
}

const format = 'volbias-model-1';
const descriptionFile = 'volbias-model.json';

interface ExportedMember {
  readonly fold: number;
  readonly weights: string;
  readonly normalisation: EnsembleMember['normalisation'];
}

/**
 * Writes an ensemble to a folder that others can use without the project: volbias-model.json (preprocessing, and
 * normalisation by fold), and for each fold fold-N.safetensors and the same network for TensorFlow.js, fold-N.model.json
 * with fold-N.weights.bin. docs/exported-networks.md describes them. Returns the names of the files.
 */
export async function exportEnsemble({ description, members }: Ensemble, folder: string): Promise<string[]> {
  const files = new Map<string, Uint8Array | string>();
  const exported: ExportedMember[] = [];
  const [x, y, z = 1] = description.preprocessing.crop;
  for (const { fold, weights, normalisation } of members) {
    const name = `fold-${String(fold)}`;
    const { model, data } = tfjsModel(weights, { dataPath: `${name}.weights.bin`, inputShape: [x, y, z] });
    files.set(`${name}.safetensors`, weights);
    files.set(`${name}.model.json`, `${JSON.stringify(model, null, 2)}\n`);
    files.set(`${name}.weights.bin`, data);
    exported.push({ fold, weights: `${name}.safetensors`, normalisation });
  }
  files.set(descriptionFile, `${canonicalJson({ format, description, members: exported })}\n`);
  for (const [name, bytes] of files) await writeFileAtomically(join(folder, name), bytes);
  return [...files.keys()];
}

/** Reads what `exportEnsemble` wrote; FILE_UNREADABLE or FILE_FORMAT_INVALID where it is none. */
export async function readExportedEnsemble(folder: string): Promise<Ensemble> {
  const path = join(folder, descriptionFile);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new DomainError(
      'FILE_UNREADABLE',
      `${path} cannot be read; --model takes a folder that "volbias export" wrote`,
    );
  });
  const parsed = parseJson(text) as { format?: unknown; description: EnsembleDescription; members: ExportedMember[] };
  if (parsed.format !== format) throw new DomainError('FILE_FORMAT_INVALID', `${path}: its format is not ${format}`);
  const members = parsed.members.map(async ({ fold, weights, normalisation }) => {
    return { fold, weights: await readFile(join(folder, weights)), normalisation };
  });
  return { description: parsed.description, members: await Promise.all(members) };
}

function parseJson(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
