import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { z } from 'zod';

import { DomainError } from '../../domain/domain-error.js';
import { canonicalJson, digestOfJson } from '../../domain/plan/key.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { hasErrorCode } from '../files/file-errors.js';
import { parsed } from '../files/parsed.js';
import type { ArtifactStore } from '../store/artifact-store.js';
import type { DataFolder } from '../store/data-folder.js';
import type { SweepContent } from './sweep-content.js';

const location = z.strictObject({ root: z.string(), participants: z.string().exactOptional() });

/** A data set's location. Not part of any key: moved files with the same bytes are the same data. */
export type DataSetLocation = Readonly<z.infer<typeof location>>;

const sweepRecord = z.strictObject({
  id: z.string(),
  specification: z.string(),
  configPath: z.string(),
  locations: z.record(z.string(), location),
});

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
  await writeFileAtomically(sweepFile(folder, record.id), `${canonicalJson(record)}\n`);
  return record;
}

/** Returns the same record without writing anything. */
export function describeSweep(
  folder: DataFolder,
  { configPath, paths }: ConfigPlace,
  content: SweepContent,
): SweepRecord {
  const { config } = content;
  refuseUnknownPaths(paths, content);
  const base = dirname(resolve(configPath));
  const locations: Record<string, DataSetLocation> = {};
  for (const { name, path, phantom, participants } of config.dataSets) {
    const drawn = (): string => digestOfJson({ ...phantom, name, seed: config.seed }).slice(0, 16);
    const elsewhere = paths.get(name);
    const onDisk = elsewhere === undefined ? resolve(base, path ?? '') : resolve(elsewhere);
    locations[name] = {
      root: path === undefined ? join(folder.phantoms, drawn()) : onDisk,
      ...(participants !== undefined && { participants: resolve(base, participants) }),
    };
  }
  const specification = digestOfJson(content);
  return { id: idOfSweep(content), specification, configPath: resolve(configPath), locations };
}

/** A sweep's id: its config's name and the first 10 digits of its content's digest. */
export function idOfSweep(content: SweepContent): string {
  return `${content.config.name}-${digestOfJson(content).slice(0, 10)}`;
}

function refuseUnknownPaths(paths: ConfigPlace['paths'], { config }: SweepContent): void {
  const known = config.dataSets.filter(({ phantom }) => phantom === undefined).map(({ name }) => name);
  for (const name of paths.keys()) {
    if (known.includes(name)) continue;
    const message = `--path names "${name}", expected one of the config's data sets on disk (${known.join(', ') || 'none'})`;
    throw new DomainError('ARGUMENT_INVALID', message);
  }
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
  return parsed(sweepRecord, text, file, "; run the sweep's config again to restore it");
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
