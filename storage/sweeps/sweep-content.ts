import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { z } from 'zod';

import { configSchema, type Config, type WrittenConfig } from '../../configs/config-schema.js';
import { expandStructures } from '../../configs/expand-structures.js';
import { name } from '../../configs/schema-parts.js';
import { DomainError } from '../../domain/domain-error.js';
import { outputShape } from '../../domain/training/networks/node-shapes.js';
import { counted } from '../../domain/report/words/format-number.js';
import type { Lock } from '../../domain/lock/lock.js';
import { readNumericEnvironment, type NumericEnvironment } from '../machine/runtime-record.js';
import type { ArtifactStore } from '../store/artifact-store.js';
import { readOrdinaryFile } from '../files/ordinary-file.js';
import { jsonFault } from '../files/json-fault.js';
import { faultOf, parsed } from '../files/parsed.js';
import { folderOnDisk } from './folder-on-disk.js';
import { lockFileOf, lockSchema, readLock } from './lock-files.js';

const foldLists = z.array(z.array(z.string()));

/** What a sweep computes. Its numbers depend only on this and the input files. */
export interface SweepContent {
  /** With a data set for each structure, where the file lists several. */
  readonly config: Config;
  /** The data set of the config's file, by the name of each structure's own; absent if none lists structures. */
  readonly structuresOf?: Readonly<Record<string, string>>;
  /** The folds from `split.file`, read when the sweep was started: one list of case ids for each fold. */
  readonly importedFolds: readonly (readonly string[])[] | null;
  /** The numeric environment, if it is part of the keys. */
  readonly environment: NumericEnvironment | null;
  /** What was frozen before results were seen: the report compares the sweep with it. */
  readonly lock?: Lock;
}

const sweepContent = z.strictObject({
  config: configSchema,
  structuresOf: z.record(name, name).exactOptional(),
  importedFolds: foldLists.nullable(),
  environment: z.record(z.string(), z.string()).nullable(),
  lock: lockSchema.exactOptional(),
});

interface ContentOptions {
  /** Called with what a user should know about a valid config. */
  readonly onWarning?: ((warning: string) => void) | undefined;
  /** By default the lock beside the config. */
  readonly lockPath?: string | undefined;
  /** Folders of data sets in place of those of the config. */
  readonly paths?: ReadonlyMap<string, string> | undefined;
}

/**
 * Reads a config and the files that it refers to, and its lock; of the data sets only headers, where a crop depends on
 * them.
 */
export async function readSweepContentFor(
  configPath: string,
  { onWarning, lockPath, paths }: ContentOptions = {},
): Promise<SweepContent> {
  // Whoever reads a stored sweep needs no YAML parser.
  const { configOf, readConfigText } = await import('./config-files.js');
  const { formerNames } = await import('./former-names.js');
  const text = await readConfigText(configPath);
  const first = configOf(configPath, text);
  for (const warning of formerNames(configPath, text)) onWarning?.(warning);
  const importedFolds = await readFolds(first, configPath);
  const written = importedFolds === null ? first : configOf(configPath, text, importedFolds.length);
  const config = await settled(written, configPath, paths);
  const lock = await readLockFor(config, { configPath, lockPath, onWarning });
  return {
    ...expandStructures(config),
    importedFolds,
    environment: config.numerics.policy === 'key' ? await readNumericEnvironment() : null,
    ...(lock !== undefined && { lock }),
  };
}

/** The config with every crop in numbers. */
async function settled(
  written: WrittenConfig,
  configPath: string,
  paths: ReadonlyMap<string, string> | undefined,
): Promise<Config> {
  const isSettled = written.dataSets.every(({ preprocessing: { crop } }) => crop !== 'auto');
  // Few configs that were settled by hand need what reads images.
  const dataSets = isSettled
    ? written.dataSets
    : await (
        await import('./settle-crops.js')
      ).settleCrops(written, ({ name, path = '' }) => folderOnDisk(configPath, path, paths?.get(name)));
  const { success, data, error } = configSchema.safeParse({ ...written, dataSets });
  if (!success) throw new DomainError('CONFIG_INVALID', `${configPath}: ${faultOf(error)}`);
  refuseUnfittingCrops(data, configPath);
  return data;
}

/** CONFIG_INVALID that lists the data sets whose crop a model of the config cannot take. */
function refuseUnfittingCrops({ dataSets, arms, network }: Config, configPath: string): void {
  const faults = dataSets.flatMap(({ preprocessing: { crop } }, index) => {
    const [x, y, z = 1] = crop;
    const dimensions = crop.length;
    for (const model of arms.models) {
      try {
        outputShape({ model, dimensions, channels: 1, upsampling: network.upsampling }, [x, y, z]);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        return `  ${configPath}  dataSets[${index}].preprocessing.crop: ${error.message}`;
      }
    }
    return [];
  });
  if (faults.length > 0) throw new DomainError('CONFIG_INVALID', `a crop does not fit:\n${faults.join('\n')}`);
}

async function readLockFor(
  { name }: Config,
  {
    configPath,
    lockPath,
    onWarning,
  }: { configPath: string; lockPath: string | undefined; onWarning: ((warning: string) => void) | undefined },
): Promise<Lock | undefined> {
  const path = lockPath ?? lockFileOf(configPath);
  if (lockPath === undefined && !existsSync(path)) return undefined;
  const lock = await readLock(path);
  if (lock.name === name) return lock;
  const other = `${path} is the lock of ${lock.name}, and the config's name is ${name}`;
  if (lockPath !== undefined) throw new DomainError('CONFIG_INVALID', other);
  onWarning?.(`${other}: the report will not be compared with it`);
  return undefined;
}

/** Reads a sweep's content from the store, by its digest. STORE_CORRUPT if it is missing or damaged. */
export async function readSweepContent(store: ArtifactStore, specification: string): Promise<SweepContent> {
  // No step computes it.
  const remedy = "; run the sweep's config again to restore the sweep's specification";
  const bytes = await store.readBlob(specification, remedy);
  return parsed(sweepContent, bytes, `the sweep's specification ${specification}`, remedy);
}

async function readFolds({ split: { file } }: WrittenConfig, configPath: string): Promise<string[][] | null> {
  if (file === undefined) return null;
  const path = resolve(dirname(resolve(configPath)), file);
  const invalid = (reason: string): DomainError =>
    new DomainError('CONFIG_INVALID', `split.file: cannot read the folds from ${path}: ${reason}`);
  let text = '';
  let json: unknown;
  try {
    text = (await readOrdinaryFile(path)).toString('utf8');
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(error instanceof SyntaxError ? jsonFault(text, error) : messageOf(error));
  }
  const lists = foldLists.safeParse(json);
  if (!lists.success) throw invalid('expected one list of case ids for each fold');
  if (lists.data.length < 2) throw invalid(`it has ${counted(lists.data.length, 'fold')}; at least 2 are needed`);
  return lists.data;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
