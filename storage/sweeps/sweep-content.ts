import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { z } from 'zod';

import { configSchema, type Config } from '../../configs/config-schema.js';
import { DomainError } from '../../domain/domain-error.js';
import { readNumericEnvironment, type NumericEnvironment } from '../machine/runtime-record.js';
import type { ArtifactStore } from '../store/artifact-store.js';
import { parsed } from '../files/parsed.js';
import { configOf, readConfigText } from './config-files.js';

const foldLists = z.array(z.array(z.string()));

/** What a sweep computes: with the input files, all that its numbers depend on. */
export interface SweepContent {
  readonly config: Config;
  /** The folds of `split.file`, read when the sweep was started: a list of case ids for each. */
  readonly importedFolds: readonly (readonly string[])[] | null;
  /** The numeric environment where it is part of the keys. */
  readonly environment: NumericEnvironment | null;
}

const sweepContent = z.strictObject({
  config: configSchema,
  importedFolds: foldLists.nullable(),
  environment: z.record(z.string(), z.string()).nullable(),
});

/** Reads a config and everything beside the data sets that it refers to. */
export async function readSweepContentFor(configPath: string): Promise<SweepContent> {
  const text = await readConfigText(configPath);
  const first = configOf(configPath, text);
  const importedFolds = await readFolds(first, configPath);
  const config = importedFolds === null ? first : configOf(configPath, text, importedFolds.length);
  return {
    config,
    importedFolds,
    environment: config.numerics.policy === 'key' ? await readNumericEnvironment() : null,
  };
}

/** A sweep's content from the store, by its digest. */
export async function readSweepContent(store: ArtifactStore, specification: string): Promise<SweepContent> {
  return parsed(sweepContent, await store.readBlob(specification), `the sweep's specification ${specification}`);
}

async function readFolds({ split: { file } }: Config, configPath: string): Promise<string[][] | null> {
  if (file === undefined) return null;
  const path = resolve(dirname(resolve(configPath)), file);
  const invalid = (reason: string): DomainError =>
    new DomainError('CONFIG_INVALID', `split.file: cannot read the folds from ${path}: ${reason}`);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
  const lists = foldLists.safeParse(json);
  if (!lists.success) throw invalid('expected one list of case ids for each fold');
  if (lists.data.length < 2) throw invalid(`it has ${String(lists.data.length)} folds; at least 2 are needed`);
  return lists.data;
}
