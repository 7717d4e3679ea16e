import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { DomainError } from '../../domain/domain-error.js';
import { graphicsDevices } from './graphics-devices.js';
import { processorOf } from './processor.js';

/** Set-up's record of what it has installed. */
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

/** The package's root folder. */
export const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

export async function readRuntimeRecord(): Promise<RuntimeRecord> {
  const path = join(packageFolder, 'node_modules', '.volbias', 'setup.json');
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RuntimeRecord;
  } catch {
    throw new DomainError(
      'FILE_UNREADABLE',
      `set-up is incomplete: ${path} is missing or unreadable; run "volbias setup" (in a checkout: npm run setup)`,
    );
  }
}

/**
 * What numbers depend on besides config, input and code: TensorFlow's build and the machine. It is recorded with every
 * artifact, and part of the keys if the policy is `key`.
 */
export type NumericEnvironment = Readonly<Record<string, string>>;

/** The numeric environment of this machine, with the GPUs' models if TensorFlow's build can use them. */
export async function readNumericEnvironment(): Promise<NumericEnvironment> {
  const { version, variant, libraryDigest } = (await readRuntimeRecord()).tensorflow;
  const cpuinfo = await readFile('/proc/cpuinfo', 'utf8').catch(() => undefined);
  const { model, instructionSets } = processorOf(cpus()[0]?.model ?? 'unknown', cpuinfo);
  const devices = await graphicsDevices(variant, process.env);
  return {
    tensorflow: version,
    variant,
    libraryDigest,
    platform: process.platform,
    architecture: process.arch,
    processor: model,
    instructionSets: instructionSets.join(' '),
    ...(devices.length > 0 && { gpus: devices.map((device) => device.model ?? device.id).join(', ') }),
  };
}
