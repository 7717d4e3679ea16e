import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import type { Config } from '../../configs/config-schema.js';
import { DomainError } from '../../domain/domain-error.js';
import { readConfig } from './config-files.js';
import { readNumericEnvironment } from '../machine/runtime-record.js';
import type { SweepContent } from './sweep-records.js';

/** Reads a config and everything beside the data sets that it refers to. */
export async function readSweepContentFor(configPath: string): Promise<SweepContent> {
  const config = await readConfig(configPath);
  return {
    config,
    importedFolds: await importedFolds(config, configPath),
    environment: config.numerics.policy === 'key' ? await readNumericEnvironment() : null,
  };
}

async function importedFolds(config: Config, configPath: string): Promise<unknown> {
  const { file } = config.split;
  if (file === undefined) return null;
  const path = resolve(dirname(resolve(configPath)), file);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DomainError('CONFIG_INVALID', `split.file: cannot read the folds from ${path}: ${reason}`);
  }
}
