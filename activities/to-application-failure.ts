import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';

import { failureKinds, type FailureKind } from '../contracts/failures.js';
import { DomainError, type ErrorCode } from '../domain/domain-error.js';
import type { ArtifactStore } from '../storage/store/artifact-store.js';
import type { DataFolder } from '../storage/store/data-folder.js';
import { recordFailure } from '../storage/sweeps/failure-records.js';

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
  SERVER_UNREACHABLE: 'Unexpected',
  SWEEP_ENDED: 'Unexpected',
};

/** The unit that failed, and the run of the workflow that had asked for it. */
export interface FailedUnit {
  readonly sweepId: string;
  readonly unit: string;
  readonly runId: string;
  /** Which attempt the engine calls this one, lost workers and interruptions counted too; from 1. */
  readonly attempt: number;
  /** Failures before the unit is given up. */
  readonly mostAttempts: number;
}

/**
 * What the engine is told of an error: its kind, which alone decides whether it is tried again. The error's own words
 * may name files and cases, so they stay in the data folder, where `volbias status` reads them; the engine gets their
 * digest.
 *
 * Only failures of the work itself are counted against its attempts; an interrupted worker is not. Where the count
 * cannot be kept, on a full disk for instance, the engine's own stands in: what the failure is does not change by it, and
 * there is always an end.
 */
export async function toApplicationFailure(
  { folder, store }: { readonly folder: DataFolder; readonly store: ArtifactStore },
  { attempt, mostAttempts, ...failed }: FailedUnit,
  error: unknown,
): Promise<ApplicationFailure> {
  if (error instanceof CancelledFailure) {
    return ApplicationFailure.create({ type: 'Interrupted', message: `${failed.unit}: interrupted` });
  }
  const kind = error instanceof DomainError ? kindOfCode[error.code] : 'Unexpected';
  const message = error instanceof Error ? error.message : String(error);
  const count = await recordFailure(folder, { ...failed, kind, message }).catch(unrecorded(attempt));
  const words = await store.putBlob(Buffer.from(message)).catch(unrecorded(undefined));
  const retryable = failureKinds[kind].retryable && count < mostAttempts;
  return ApplicationFailure.create({
    type: retryable || !failureKinds[kind].retryable ? kind : 'GivenUp',
    message: error instanceof DomainError ? `${failed.unit}: ${error.code}` : `${failed.unit}: unexpected error`,
    nonRetryable: !retryable,
    details: words === undefined ? [] : [words.digest],
  });
}

function unrecorded<T>(instead: T): (error: unknown) => T {
  return (error) => {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`a failure could not be recorded: ${reason}\n`);
    return instead;
  };
}
