import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';

import { failureKinds, type FailureKind } from '../contracts/failures.js';
import { DomainError, type ErrorCode } from '../domain/domain-error.js';
import { isDiskFull } from '../storage/files/file-errors.js';
import { recordFailure } from '../storage/sweeps/failure-records.js';
import type { ActivityContext } from './activity-context.js';

const kindOfCode: Record<ErrorCode, FailureKind> = {
  ARGUMENT_INVALID: 'ConfigInvalid',
  CONFIG_INVALID: 'ConfigInvalid',
  FILE_UNREADABLE: 'DataInvalid',
  FILE_FORMAT_INVALID: 'DataInvalid',
  FILE_TOO_LARGE: 'DataInvalid',
  IMAGE_SHAPE_MISMATCH: 'DataInvalid',
  IMAGE_GEOMETRY_MISMATCH: 'DataInvalid',
  IMAGE_VALUES_INVALID: 'DataInvalid',
  LABEL_INVALID: 'DataInvalid',
  DATA_SET_INVALID: 'DataInvalid',
  SPLIT_INVALID: 'DataInvalid',
  TRAINING_DIVERGED: 'Diverged',
  CHECKPOINT_CORRUPT: 'CheckpointCorrupt',
  STORE_CORRUPT: 'StoreCorrupt',
  CHILD_FAILED: 'ChildFailed',
  OUT_OF_MEMORY: 'OutOfMemory',
  STALLED: 'Stalled',
  KILLED: 'Killed',
  DISK_FULL: 'DiskFull',
  STORE_UNREACHABLE: 'StoreUnreachable',
  GIVEN_UP: 'GivenUp',
  SERVER_UNREACHABLE: 'Unexpected',
  SWEEP_ENDED: 'Unexpected',
};

/** What a unit waits for. */
const obstacles: Partial<Record<FailureKind, ErrorCode>> = {
  DiskFull: 'DISK_FULL',
  StoreUnreachable: 'STORE_UNREACHABLE',
};

/** The unit that failed, and the workflow run that requested it. */
export interface FailedUnit {
  readonly sweepId: string;
  readonly unit: string;
  readonly key: string;
  readonly runId: string;
  /** The engine's number of this attempt, from 1; it also counts lost workers and interruptions. */
  readonly attempt: number;
  /** The number of failures at which the unit is given up. */
  readonly mostAttempts: number;
}

/**
 * Converts an error into what the engine is told: its kind, which alone decides whether the unit is retried. The
 * error's message may name files and cases, so it stays in the data folder, where `volbias status` reads it; the engine
 * and the lineage get its digest.
 *
 * Only failures of the work itself count against its attempts; an interrupted worker does not. If the count cannot be
 * stored, the engine's own count replaces it: the kind of the failure does not change, and retries still end. On a full
 * disk, or while a shared store does not answer, nothing is counted: the unit waits.
 */
export async function toApplicationFailure(
  { folder, store, lineage, environment, observer }: Omit<ActivityContext, 'compute'>,
  { key, attempt, mostAttempts, ...failed }: FailedUnit,
  error: unknown,
): Promise<ApplicationFailure> {
  if (error instanceof CancelledFailure) {
    return ApplicationFailure.create({ type: 'Interrupted', message: `${failed.unit}: interrupted` });
  }
  const kind = kindOf(error);
  const obstacle = obstacles[kind];
  if (obstacle !== undefined) {
    return ApplicationFailure.create({
      type: kind,
      message: `${failed.unit}: ${obstacle}`,
      nextRetryDelay: '5 seconds',
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  const unrecorded =
    <T>(instead: T) =>
    (reason: unknown): T => {
      observer.unrecorded(failed.unit, reason);
      return instead;
    };
  const count = await recordFailure(folder, { ...failed, kind, message }).catch(unrecorded(attempt));
  const words = await store.putBlob(Buffer.from(message)).catch(unrecorded(undefined));
  const { sweepId: sweep, unit } = failed;
  const record = { sweep, unit, key, kind, count, words: words?.digest ?? null, environment };
  await lineage.append('failure', record).catch(unrecorded(undefined));
  const retryable = failureKinds[kind].retryable && count < mostAttempts;
  return ApplicationFailure.create({
    type: retryable || !failureKinds[kind].retryable ? kind : 'GivenUp',
    message: error instanceof DomainError ? `${failed.unit}: ${error.code}` : `${failed.unit}: unexpected error`,
    nonRetryable: !retryable,
    details: words === undefined ? [] : [words.digest],
  });
}

/** The failure of an activity that is no unit's work, such as a look-up: an error that a retry cannot help ends it at once. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error;
  const kind = kindOfCode[error.code];
  const nonRetryable = obstacles[kind] === undefined;
  return ApplicationFailure.create({ message: error.message, type: kind, nonRetryable });
}

function kindOf(error: unknown): FailureKind {
  if (error instanceof DomainError) return kindOfCode[error.code];
  return isDiskFull(error) ? 'DiskFull' : 'Unexpected';
}
