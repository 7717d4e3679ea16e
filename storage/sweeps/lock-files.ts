import { existsSync } from 'node:fs';

import { z } from 'zod';

import { digestPattern } from '../../contracts/patterns.js';
import { DomainError } from '../../domain/domain-error.js';
import type { Lock } from '../../domain/lock/lock.js';
import { canonicalJson } from '../../domain/plan/key.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import { readOrdinaryFile } from '../files/ordinary-file.js';
import { faultOf, jsonOf } from '../files/parsed.js';

const digest = z.string().regex(digestPattern, 'expected a SHA-256 in hexadecimal');
const count = z.int().nonnegative();
const settings = z.record(z.string(), z.unknown());

/** The form of a lock file, and of a lock in a sweep's content. */
export const lockSchema: z.ZodType<Lock> = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  lockedAt: z.iso.datetime(),
  ...{ settings, arms: z.array(z.string()), tests: settings },
  primaryOutcome: z.strictObject({
    measure: z.literal('volumeError'),
    grid: z.enum(['native', 'working']),
    difference: z.tuple([z.string(), z.string()]).nullable(),
  }),
  data: z.record(z.string(), z.strictObject({ digest, cases: count, files: count }).nullable()),
  splits: z.record(z.string(), z.strictObject({ digest, cases: z.array(count) }).nullable()),
  steps: z.record(z.string(), z.int()),
});

const largestBytes = 2 ** 22;

/** Where the lock of a config is looked for: beside it. */
export function lockFileOf(configPath: string): string {
  return `${configPath}.lock.json`;
}

/** CONFIG_INVALID, naming the file, if it cannot be read or is no lock. */
export async function readLock(path: string): Promise<Lock> {
  const invalid = (fault: string): DomainError =>
    new DomainError('CONFIG_INVALID', `${path} is not a lock that "volbias lock" has written: ${fault}`);
  const bytes = await readOrdinaryFile(path, largestBytes).catch((error: unknown) => {
    throw invalid(error instanceof Error ? error.message : String(error));
  });
  const value = jsonOf(bytes);
  const { success, data, error } = lockSchema.safeParse(value);
  if (success) return data;
  throw invalid(value === undefined ? 'it is not JSON' : faultOf(error));
}

/** ARGUMENT_INVALID if there is a file: a lock is not changed. */
export function refuseExistingLock(path: string): void {
  if (!existsSync(path)) return;
  throw new DomainError('ARGUMENT_INVALID', `${path} exists: a lock is not changed. To lock anew, move it away`);
}

/** Writes the canonical JSON without a line end, so that the file's SHA-256 is the lock's digest. */
export async function writeLock(path: string, lock: Lock): Promise<void> {
  await writeFileAtomically(path, canonicalJson(lock));
}
