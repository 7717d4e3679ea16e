import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { z } from 'zod';

import type { Config, DataSetConfig } from '../../configs/config-schema.js';
import { dataSetSchema } from '../../configs/data-set-schema.js';
import { digestPattern, sweepIdPattern } from '../../contracts/patterns.js';
import { DomainError } from '../../domain/domain-error.js';
import { canonicalJson, digestOfJson } from '../../domain/plan/key.js';
import { hasErrorCode } from '../files/file-errors.js';
import { checked, parsed } from '../files/parsed.js';
import type { ArtifactStore } from '../store/artifact-store.js';
import type { DataFolder } from '../store/data-folder.js';
import { refreshMirrored, writeMirrored } from '../store/shared/mirrored-files.js';
import { folderOnDisk } from './folder-on-disk.js';
import type { SweepContent } from './sweep-content.js';
import { readStoredText } from '../files/stored-file.js';

const location = z.strictObject({ root: z.string(), participants: z.string().exactOptional() });

/** A data set's location. Not part of any key: moved files with the same bytes are the same data. */
export type DataSetLocation = Readonly<z.infer<typeof location>>;

const sweepRecord = z
  .strictObject({
    id: z.string().regex(sweepIdPattern, 'expected the id of a sweep'),
    specification: z.string().regex(digestPattern, 'expected a SHA-256 in hexadecimal'),
    configPath: z.string(),
    locations: z.record(dataSetSchema.shape.name, location),
  })
  .refine(({ id, specification }) => id.endsWith(`-${specification.slice(0, 10)}`), 'its id is that of another config');

export type SweepRecord = Readonly<z.infer<typeof sweepRecord>>;

/** The path of a config, and the data sets with another location on this machine. */
export interface ConfigPlace {
  readonly configPath: string;
  /** Folder by data set; overrides the config. */
  readonly paths: ReadonlyMap<string, string>;
}

/** Stores a sweep's content and its record, whose id follows from the content. */
export async function recordSweep(
  folder: DataFolder,
  store: ArtifactStore,
  place: ConfigPlace,
  content: SweepContent,
): Promise<SweepRecord> {
  const record = describeSweep(folder, place, content);
  const bytes = Buffer.from(canonicalJson(content));
  const { digest } = await store.putBlob(bytes);
  // Reading quarantines a damaged object, which is then written again.
  await store.readBlob(digest).catch(() => store.putBlob(bytes));
  const text = canonicalJson(checked(sweepRecord, record, `the record of ${record.id}`));
  await writeMirrored(folder, sweepFile(folder, record.id), `${text}\n`);
  return record;
}

/** Returns the same record without writing anything. */
export function describeSweep(
  folder: DataFolder,
  { configPath, paths }: ConfigPlace,
  content: SweepContent,
): SweepRecord {
  const { config, structuresOf = {} } = content;
  refuseUnknownPaths(paths, content);
  const base = dirname(resolve(configPath));
  const locations: Record<string, DataSetLocation> = {};
  for (const dataSet of config.dataSets) {
    const { name, path, participants } = dataSet;
    locations[name] = {
      root:
        path === undefined
          ? phantomFolder(folder, config, dataSet)
          : folderOnDisk(configPath, path, paths.get(structuresOf[name] ?? name)),
      ...(participants !== undefined && { participants: resolve(base, participants) }),
    };
  }
  const specification = digestOfJson(content);
  return { id: idOfSweep(content), specification, configPath: resolve(configPath), locations };
}

/** Where a phantom data set is drawn. */
function phantomFolder({ phantoms }: DataFolder, { seed }: Config, { phantom, name }: DataSetConfig): string {
  return join(phantoms, digestOfJson({ ...phantom, name, seed }).slice(0, 16));
}

/** A sweep's id: its config's name and the first 10 digits of its content's digest. */
export function idOfSweep(content: SweepContent): string {
  return `${content.config.name}-${digestOfJson(content).slice(0, 10)}`;
}

function refuseUnknownPaths(paths: ConfigPlace['paths'], { config, structuresOf = {} }: SweepContent): void {
  const onDisk = config.dataSets.filter(({ phantom }) => phantom === undefined);
  const known = [...new Set(onDisk.map(({ name }) => structuresOf[name] ?? name))];
  for (const name of paths.keys()) {
    if (known.includes(name)) continue;
    const message = `--path names "${name}", expected one of the config's data sets on disk (${known.join(', ') || 'none'})`;
    throw new DomainError('ARGUMENT_INVALID', message);
  }
}

export async function readSweepRecord(folder: DataFolder, id: string): Promise<SweepRecord> {
  let text: string;
  let file: string;
  if (sweepIdPattern.test(id)) await refreshMirrored(folder, sweepFile(folder, id));
  try {
    file = sweepFile(folder, id);
    text = await readStoredText(file);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'FILE_UNREADABLE') throw error;
    const known = await listSweeps(folder);
    const hint = known.length === 0 ? 'no sweep has run there yet' : `known: ${known.join(', ')}`;
    throw new DomainError('ARGUMENT_INVALID', `there is no sweep "${id}" in ${folder.root}; ${hint}`);
  }
  const remedy = "; run the sweep's config again to restore it";
  const record = parsed(sweepRecord, text, file, remedy);
  if (record.id === id) return record;
  throw new DomainError('STORE_CORRUPT', `${file} is the record of another sweep, ${record.id}${remedy}`);
}

/**
 * Where a data set of a sweep is. A phantom's place follows from the config: it is written to, so that no record of a
 * data folder decides it.
 */
export function locationOf(
  folder: DataFolder,
  { config }: SweepContent,
  { locations }: SweepRecord,
  name: string,
): DataSetLocation {
  const dataSet = config.dataSets.find((one) => one.name === name);
  if (dataSet?.phantom !== undefined) return { root: phantomFolder(folder, config, dataSet) };
  return locations[name] ?? { root: '' };
}

/** Whether a data set of a sweep can be read: it has a folder, or is a phantom, which can be drawn. */
export function isThere({ config }: SweepContent, { locations }: SweepRecord, name: string): boolean {
  const isPhantom = config.dataSets.some((one) => one.name === name && one.phantom !== undefined);
  return isPhantom || existsSync(locations[name]?.root ?? '');
}

/** The ids of the sweeps of a data folder, and of the store that it shares, sorted. */
export async function listSweeps(folder: DataFolder): Promise<string[]> {
  const entries = await readdir(folder.sweeps, { withFileTypes: true }).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  });
  const here = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const shared = (await folder.shared?.list('sweeps/')) ?? [];
  const elsewhere = shared.map(({ name }) => /^sweeps\/([^/]+)\/sweep\.json$/.exec(name)?.[1] ?? '');
  return [...new Set([...here, ...elsewhere])].filter((name) => sweepIdPattern.test(name)).sort();
}

/** The folder of a sweep. ARGUMENT_INVALID for what is no sweep's id, such as a path. */
export function sweepFolder(folder: DataFolder, id: string): string {
  return join(folder.sweeps, checkedSweepId(id));
}

/** The id itself. ARGUMENT_INVALID if it is not one, such as a path. */
export function checkedSweepId(id: string): string {
  if (sweepIdPattern.test(id)) return id;
  throw new DomainError('ARGUMENT_INVALID', `"${id}" is not the id of a sweep, such as quickstart-0123456789`);
}

function sweepFile(folder: DataFolder, id: string): string {
  return join(sweepFolder(folder, id), 'sweep.json');
}
