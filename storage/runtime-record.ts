import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { DomainError } from '../domain/domain-error.js';

/** What set-up has installed, as it wrote it down. */
export interface RuntimeRecord {
  readonly temporalCli: { readonly path: string; readonly version: string; readonly source: string };
  readonly tensorflow: {
    readonly version: string;
    readonly variant: 'cpu' | 'gpu';
    readonly directory: string;
    readonly libraryDigest: string;
    readonly libraryPath: readonly string[];
  };
}

/** The package's own folder, wherever the compiled file lies in it. */
export const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export async function readRuntimeRecord(): Promise<RuntimeRecord> {
  const path = join(packageFolder, 'node_modules', '.volbias', 'setup.json');
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RuntimeRecord;
  } catch {
    throw new DomainError('FILE_UNREADABLE', `set-up has not been completed (no ${path}): run "npm run setup"`);
  }
}

/** What numbers depend on beside config and input: recorded with every artifact. */
export function numericEnvironment(runtime: RuntimeRecord): Record<string, string> {
  const { version, variant, libraryDigest } = runtime.tensorflow;
  return { tensorflow: version, variant, libraryDigest, platform: process.platform, architecture: process.arch };
}
