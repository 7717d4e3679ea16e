import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { sweepIdPattern } from '../../contracts/patterns.js';
import type { FailureKind } from '../../contracts/failures.js';
import type { UnitFailure } from '../../contracts/sweep.js';
import { digestOfJson } from '../../domain/plan/key.js';
import { checked, parsed } from '../files/parsed.js';
import type { ArtifactStore } from '../store/artifact-store.js';
import type { DataFolder } from '../store/data-folder.js';
import {
  refreshMirrored,
  refreshMirroredFolder,
  removeMirrored,
  writeMirrored,
} from '../store/shared/mirrored-files.js';
import { checkedSweepId } from './sweep-records.js';
import { readStoredText } from '../files/stored-file.js';

const failureRecord = z.strictObject({
  sweepId: z.string().regex(sweepIdPattern),
  unit: z.string(),
  runId: z.string(),
  kind: z.string(),
  message: z.string(),
  count: z.int().positive(),
});

/** The full message of a unit's last failure, and the number of its failures in the current run of the workflow. */
export type FailureRecord = Readonly<z.infer<typeof failureRecord>>;

const recordName = /^[0-9a-f]{16}\.json$/;

function failurePath(folder: DataFolder, sweepId: string, unit: string): string {
  return join(folder.failures, checkedSweepId(sweepId), `${digestOfJson(unit).slice(0, 16)}.json`);
}

/** Records a failure and returns the number of failures in this run. */
export async function recordFailure(folder: DataFolder, failure: Omit<FailureRecord, 'count'>): Promise<number> {
  const before = await readFailure(folder, failure.sweepId, failure.unit);
  const count = before?.runId === failure.runId ? before.count + 1 : 1;
  const path = failurePath(folder, failure.sweepId, failure.unit);
  const record = checked(failureRecord, { ...failure, count }, `the failure of ${failure.unit}`);
  await writeMirrored(folder, path, `${JSON.stringify(record, null, 2)}\n`);
  return count;
}

/** Deletes a unit's failure once it has succeeded, so that no report mentions it. */
export async function forgetFailure(folder: DataFolder, sweepId: string, unit: string): Promise<void> {
  await removeMirrored(folder, failurePath(folder, sweepId, unit));
}

/** The kind of the last failure of each unit that has not succeeded since. */
export async function recordedFailures(folder: DataFolder, sweepId: string): Promise<ReadonlyMap<string, string>> {
  const place = join(folder.failures, checkedSweepId(sweepId));
  await refreshMirroredFolder(folder, place, recordName);
  const names = await readdir(place).catch(() => []);
  const records = await Promise.all(names.sort().map((name) => readRecord(join(place, name))));
  return new Map(records.flatMap((record) => (record === undefined ? [] : [[record.unit, record.kind] as const])));
}

async function readFailure(folder: DataFolder, sweepId: string, unit: string): Promise<FailureRecord | undefined> {
  const path = failurePath(folder, sweepId, unit);
  await refreshMirrored(folder, path);
  return readRecord(path);
}

async function readRecord(path: string): Promise<FailureRecord | undefined> {
  const text = await readStoredText(path).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return parsed(failureRecord, text, path);
  } catch {
    return undefined;
  }
}

/** A failure's full message: from the data folder, else from the store, else the engine's short message. */
export async function wordsOfFailure(
  { folder, store }: { readonly folder: DataFolder; readonly store: ArtifactStore },
  sweepId: string,
  { unit, kind, message, reason }: UnitFailure,
): Promise<string> {
  // What is recorded is an earlier failure of its work.
  if (kind === ('Cancelled' satisfies FailureKind)) return message;
  const record = await readFailure(folder, sweepId, unit);
  if (record !== undefined || reason === undefined) return record?.message ?? message;
  return store.readBlob(reason).then(
    (words) => Buffer.from(words).toString('utf8'),
    () => message,
  );
}
