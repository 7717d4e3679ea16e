import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import type { Config } from '../../configs/config-schema.js';
import type { SweepSpecification } from '../../contracts/activities.js';
import { pipeline, type StepName } from '../../contracts/pipeline.js';
import { DomainError } from '../../domain/domain-error.js';
import { canonicalJson, digestOfJson } from '../../domain/plan/key.js';
import { parameterName, stepParameters } from '../../domain/plan/step-parameters.js';
import { planUnits, type UnitCoordinates } from '../../domain/plan/units.js';
import type { ArtifactStore } from '../store/artifact-store.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import type { DataFolder } from '../store/data-folder.js';
import { hasErrorCode } from '../files/file-errors.js';

/** What a sweep computes: with the input files, all that its numbers depend on. */
export interface SweepContent {
  readonly config: Config;
  /** The folds of `split.file`, read when the sweep was started. */
  readonly importedFolds: unknown;
  /** The numeric environment where it is part of the keys. */
  readonly environment: unknown;
}

/** Where the data sets of a sweep lie. Not part of any key: moved files with the same bytes are the same data. */
export interface DataSetLocation {
  readonly root: string;
  readonly participants?: string;
}

export interface SweepRecord {
  readonly id: string;
  readonly specification: string;
  readonly configPath: string;
  readonly locations: Readonly<Record<string, DataSetLocation>>;
}

/** Where a config was read, and which data sets lie elsewhere on this machine. */
export interface ConfigPlace {
  readonly configPath: string;
  /** Folders by data set, instead of the config's. */
  readonly paths: ReadonlyMap<string, string>;
}

/** Names a sweep by its config and by what the config alone determines, and stores both. */
export async function recordSweep(
  folder: DataFolder,
  store: ArtifactStore,
  place: ConfigPlace,
  content: SweepContent,
): Promise<SweepRecord> {
  const record = describeSweep(folder, place, content);
  await store.putBlob(Buffer.from(canonicalJson(content)));
  await writeFileAtomically(sweepFile(folder, record.id), `${canonicalJson(record)}\n`);
  return record;
}

/** The same record without writing anything. */
export function describeSweep(
  folder: DataFolder,
  { configPath, paths }: ConfigPlace,
  content: SweepContent,
): SweepRecord {
  const { config } = content;
  const base = dirname(resolve(configPath));
  const locations: Record<string, DataSetLocation> = {};
  for (const name of paths.keys()) {
    const dataSet = config.dataSets.find((candidate) => candidate.name === name);
    if (dataSet === undefined || dataSet.phantom !== undefined) {
      const known = config.dataSets.filter(({ phantom }) => phantom === undefined).map((known) => known.name);
      const message = `--path names "${name}", expected a data set of the config that is on disk (${known.join(', ') || 'none'})`;
      throw new DomainError('ARGUMENT_INVALID', message);
    }
  }
  for (const dataSet of config.dataSets) {
    const elsewhere = paths.get(dataSet.name);
    locations[dataSet.name] = {
      root:
        dataSet.path === undefined
          ? join(
              folder.phantoms,
              digestOfJson({ ...dataSet.phantom, name: dataSet.name, seed: config.seed }).slice(0, 16),
            )
          : elsewhere === undefined
            ? resolve(base, dataSet.path)
            : resolve(elsewhere),
      ...(dataSet.participants !== undefined && { participants: resolve(base, dataSet.participants) }),
    };
  }
  const specification = digestOfJson(content);
  return {
    id: `${config.name}-${specification.slice(0, 10)}`,
    specification,
    configPath: resolve(configPath),
    locations,
  };
}

export async function readSweepRecord(folder: DataFolder, id: string): Promise<SweepRecord> {
  const file = sweepFile(folder, id);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    const known = await listSweeps(folder);
    const hint = known.length === 0 ? 'no sweep has run there yet' : `known: ${known.join(', ')}`;
    throw new DomainError('ARGUMENT_INVALID', `there is no sweep "${id}" in ${folder.root}; ${hint}`);
  }
  try {
    return JSON.parse(text) as SweepRecord;
  } catch {
    throw new DomainError('STORE_CORRUPT', `${file} is damaged; volbias run with the sweep's config writes it again`);
  }
}

export async function listSweeps(folder: DataFolder): Promise<string[]> {
  const entries = await readdir(folder.sweeps, { withFileTypes: true }).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

export function sweepFolder(folder: DataFolder, id: string): string {
  return join(folder.sweeps, id);
}

function sweepFile(folder: DataFolder, id: string): string {
  return join(folder.sweeps, id, 'sweep.json');
}

export async function readSweepContent(store: ArtifactStore, specification: string): Promise<SweepContent> {
  return JSON.parse(Buffer.from(await store.readBlob(specification)).toString('utf8')) as SweepContent;
}

/** The settings that a step reads at a place of the sweep. */
export function parametersOf(content: SweepContent, step: StepName, coordinates: UnitCoordinates): unknown {
  const parameters = stepParameters(content.config, step, coordinates, content.environment ?? undefined);
  const { importedFolds } = content;
  return step === 'split' && importedFolds !== null ? { ...parameters, importedFolds } : parameters;
}

/** What plans and workflows know of a sweep: names and digests. */
export function specificationOf(content: SweepContent): SweepSpecification {
  const { config } = content;
  const { models, losses } = config.arms;
  const dataSets = config.dataSets.map(({ name }) => name);
  const shape = { models, losses, folds: 1, dataSets: dataSets.map((name) => ({ name, shards: 1 })) };
  const parameters: Record<string, Record<string, string>> = {};
  for (const { step, coordinates } of planUnits(pipeline, shape)) {
    const ofDataSet = (parameters[coordinates.dataSet ?? ''] ??= {});
    ofDataSet[parameterName(step, coordinates)] = digestOfJson(parametersOf(content, step, coordinates));
  }
  return { dataSets, models, losses, folds: config.split.folds, parameters };
}
