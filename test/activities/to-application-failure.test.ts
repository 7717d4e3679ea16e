import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { describe, it, type TestContext } from 'node:test';

import { CancelledFailure, type ApplicationFailure } from '@temporalio/activity';

import { refusalOf, toApplicationFailure } from '../../activities/to-application-failure.js';
import type { FailureKind } from '../../contracts/failures.js';
import { DomainError, type ErrorCode } from '../../domain/domain-error.js';
import { dataFolderAt, type DataFolder } from '../../storage/store/data-folder.js';
import { wordsOfFailure } from '../../storage/sweeps/failure-records.js';
import { openTestStore } from '../support/sweeps/test-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const environment = { processor: 'a processor' };
const nobody = () => undefined;
/** Nobody sees these failures. */
const context = { environment, observer: { began: nobody, ended: nobody, unrecorded: nobody } };
const unit = { unit: 'train a/lr/ce/fold-0', key: 'a'.repeat(64) };
const failed = { sweepId: 'tiny-0123456789', ...unit, runId: 'one', attempt: 1, mostAttempts: 3 };

/** Every error code: the compiler demands new ones here too. */
const kinds: Record<ErrorCode, FailureKind> = {
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

async function newFolder(test: TestContext): Promise<DataFolder> {
  return dataFolderAt(await temporaryFolder(test));
}

async function failureOf(folder: DataFolder, error: unknown): Promise<ApplicationFailure> {
  return toApplicationFailure({ ...openTestStore(folder.root), ...context }, failed, error);
}

/** The message of the unit's failure in the data folder; 'none' if none is recorded. */
async function recordedWords(folder: DataFolder): Promise<string> {
  const known = { unit: failed.unit, kind: 'Unexpected', message: 'none' };
  return wordsOfFailure(openTestStore(folder.root), failed.sweepId, known);
}

/** Everything that the engine's converter could send of an error. */
function everythingIn({ message, stack, cause, type, details }: ApplicationFailure): string {
  return JSON.stringify({ message, stack, cause, type, details });
}

describe('what the engine is told of a failure', () => {
  it('is its code, never its message, which may name files and cases and stays in the data folder', async (test) => {
    for (const [code, kind] of Object.entries(kinds) as [ErrorCode, FailureKind][]) {
      const folder = await newFolder(test);
      const failure = await failureOf(folder, new DomainError(code, 'case "jane-doe" is damaged'));
      assert.equal(failure.message, `${failed.unit}: ${code}`);
      assert.equal(failure.type, kind);
      assert.ok(!everythingIn(failure).includes('jane'));
      assert.match(
        await recordedWords(folder),
        ['DiskFull', 'StoreUnreachable'].includes(kind) ? /^none$/ : /jane-doe/,
      );
    }
    const unexpected = await failureOf(await newFolder(test), new Error('/data/jane-doe.png'));
    assert.equal(unexpected.message, `${failed.unit}: unexpected error`);
    assert.ok(!everythingIn(unexpected).includes('jane'));
  });

  it('is under 4 KiB', async (test) => {
    const folder = await newFolder(test);
    for (const error of [new DomainError('DATA_SET_INVALID', 'x'.repeat(100_000)), new Error('x'.repeat(100_000))]) {
      assert.ok(Buffer.byteLength(everythingIn(await failureOf(folder, error))) < 4096);
    }
  });

  it('is that a unit waits, as often as the disk is full: nothing is counted or recorded', async (test) => {
    const folder = await newFolder(test);
    for (const code of ['ENOSPC', 'EDQUOT', 'EROFS', 'ENOSPC']) {
      const error = Object.assign(new Error(`${code}: no room, write`), { code });
      const failure: { type?: unknown; nonRetryable?: unknown; nextRetryDelay?: unknown } = await failureOf(
        folder,
        error,
      );
      const { type, nonRetryable, nextRetryDelay } = failure;
      assert.deepEqual([type, nonRetryable, nextRetryDelay], ['DiskFull', false, '5 seconds']);
    }
    assert.equal(await recordedWords(folder), 'none');
  });

  it('is that a unit or a look-up waits while the store that machines share does not answer', async (test) => {
    const away = new DomainError('STORE_UNREACHABLE', 'the store s3://bucket (objects/x): connect ECONNREFUSED');
    const found = [await failureOf(await newFolder(test), away), refusalOf(away)] as ApplicationFailure[];
    for (const { type, nonRetryable } of found) assert.deepEqual([type, nonRetryable], ['StoreUnreachable', false]);
    const refused = refusalOf(new DomainError('STORE_CORRUPT', 'lost')) as ApplicationFailure;
    assert.deepEqual([refused.type, refused.nonRetryable, refused.message], ['StoreCorrupt', true, 'lost']);
  });

  it('is not retryable if a retry cannot help', async (test) => {
    const kinds: [code: 'SPLIT_INVALID' | 'TRAINING_DIVERGED' | 'STORE_CORRUPT', kind: string][] = [
      ['SPLIT_INVALID', 'DataInvalid'],
      ['TRAINING_DIVERGED', 'Diverged'],
      ['STORE_CORRUPT', 'StoreCorrupt'],
    ];
    for (const [code, kind] of kinds) {
      const failure = await failureOf(await newFolder(test), new DomainError(code, 'no'));
      assert.deepEqual([failure.type, failure.nonRetryable], [kind, true]);
    }
  });

  it('is retryable until the unit has failed as often as its step allows', async (test) => {
    const folder = await newFolder(test);
    const seen: unknown[] = [];
    for (let i = 0; i < 3; i++) {
      const { type, nonRetryable } = await failureOf(folder, new DomainError('CHILD_FAILED', 'killed'));
      seen.push([type, nonRetryable]);
    }
    assert.deepEqual(seen, [
      ['ChildFailed', false],
      ['ChildFailed', false],
      ['GivenUp', true],
    ]);
  });

  it('is the same if the failure cannot be recorded, and retries still end', async (test) => {
    const folder = await newFolder(test);
    // Files in the place of the folders of failures and objects, as if nothing could be written any more.
    await writeFile(folder.failures, '');
    await writeFile(folder.objects, '');
    const after = async (attempt: number, error: Error): Promise<unknown[]> => {
      const full = { ...openTestStore(folder.root), ...context };
      const { type, nonRetryable } = await toApplicationFailure(full, { ...failed, attempt }, error);
      return [type, nonRetryable];
    };
    assert.deepEqual(await after(1, new DomainError('TRAINING_DIVERGED', 'no')), ['Diverged', true]);
    assert.deepEqual(await after(1, new DomainError('CHILD_FAILED', 'killed')), ['ChildFailed', false]);
    assert.deepEqual(await after(2, new Error('ENOSPC')), ['Unexpected', false]);
    assert.deepEqual(await after(3, new DomainError('CHILD_FAILED', 'killed')), ['GivenUp', true]);
  });

  it('refers to the message in the store, where reports of other sweeps find it too', async (test) => {
    const folder = await newFolder(test);
    const { details } = await failureOf(folder, new DomainError('SPLIT_INVALID', 'case "jane-doe" is there twice'));
    const words = await openTestStore(folder.root).store.readBlob(String(details?.[0]));
    assert.equal(Buffer.from(words).toString('utf8'), 'case "jane-doe" is there twice');
  });

  it('does not count an interruption as a failure of the work', async (test) => {
    const folder = await newFolder(test);
    for (let i = 0; i < 5; i++) {
      const failure = await failureOf(folder, new CancelledFailure('the worker stops'));
      assert.deepEqual([failure.type, failure.nonRetryable], ['Interrupted', false]);
    }
    assert.equal(await recordedWords(folder), 'none');
  });

  it('is recorded in the lineage, with the machine and the digest of the words', async (test) => {
    const folder = await newFolder(test);
    const { store, lineage } = openTestStore(folder.root);
    for (let i = 0; i < 2; i++) await failureOf(folder, new DomainError('CHILD_FAILED', 'killed at case "jane-doe"'));
    await failureOf(folder, new CancelledFailure('the worker stops'));
    const records = await lineage.read();
    const specs = records.map(({ kind, spec }) => (kind === 'failure' ? spec : undefined));
    const words = specs[0]?.words ?? '';
    const expected = { ...unit, sweep: failed.sweepId, kind: 'ChildFailed', words, environment };
    assert.deepEqual(specs, [
      { ...expected, count: 1 },
      { ...expected, count: 2 },
    ]);
    assert.equal(Buffer.from(await store.readBlob(words)).toString('utf8'), 'killed at case "jane-doe"');
    assert.ok(!JSON.stringify(records).includes('jane'));
  });
});
