import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { digestOfJson } from '../../domain/plan/key.js';
import { writeFileAtomically } from '../files/atomic-file.js';
import type { DataFolder } from '../store/data-folder.js';

/** The full words of a unit's last failure, and how often it has failed in the run of the workflow that asked for it. */
export interface FailureRecord {
  readonly sweepId: string;
  readonly unit: string;
  readonly runId: string;
  readonly kind: string;
  readonly message: string;
  readonly count: number;
}

function failurePath(folder: DataFolder, sweepId: string, unit: string): string {
  return join(folder.failures, sweepId, `${digestOfJson(unit).slice(0, 16)}.json`);
}

/** Records one more failure and returns how many there have been in this run. */
export async function recordFailure(folder: DataFolder, failure: Omit<FailureRecord, 'count'>): Promise<number> {
  const before = await readFailure(folder, failure.sweepId, failure.unit);
  const count = before?.runId === failure.runId ? before.count + 1 : 1;
  const path = failurePath(folder, failure.sweepId, failure.unit);
  await writeFileAtomically(path, `${JSON.stringify({ ...failure, count }, null, 2)}\n`);
  return count;
}

/** A unit that has succeeded must not be blamed by a report for what it once failed of. */
export async function forgetFailure(folder: DataFolder, sweepId: string, unit: string): Promise<void> {
  await rm(failurePath(folder, sweepId, unit), { force: true });
}

export async function readFailure(
  folder: DataFolder,
  sweepId: string,
  unit: string,
): Promise<FailureRecord | undefined> {
  try {
    return JSON.parse(await readFile(failurePath(folder, sweepId, unit), 'utf8')) as FailureRecord;
  } catch {
    return undefined;
  }
}
