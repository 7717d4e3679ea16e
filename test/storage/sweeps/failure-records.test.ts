import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import {
  forgetFailure,
  recordedFailures,
  recordFailure,
  wordsOfFailure,
} from '../../../storage/sweeps/failure-records.js';
import { openTestStore } from '../../support/sweeps/test-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const failure = {
  sweepId: 'tiny-0123456789',
  unit: 'train a/lr/ce/fold-0',
  runId: 'one',
  kind: 'ChildFailed',
  message: 'out of memory',
};

/** What `volbias status` shows of the unit's failure; 'short' if only the engine knows of one. */
async function wordsOf(root: string, { sweepId, unit }: { sweepId: string; unit: string }): Promise<string> {
  return wordsOfFailure(openTestStore(root), sweepId, { unit, kind: failure.kind, message: 'short' });
}

describe('the record of a failure', () => {
  it('counts the failures of one run, and starts again with the next', async (test) => {
    const root = await temporaryFolder(test);
    const { folder } = openTestStore(root);
    assert.equal(await recordFailure(folder, failure), 1);
    assert.equal(await recordFailure(folder, failure), 2);
    assert.equal(await wordsOf(root, failure), 'out of memory');
    const next = { ...failure, runId: 'two', message: 'again' };
    assert.equal(await recordFailure(folder, next), 1);
    assert.equal(await wordsOf(root, failure), 'again');
    const [name = ''] = await readdir(join(folder.failures, failure.sweepId));
    const stored: unknown = JSON.parse(await readFile(join(folder.failures, failure.sweepId, name), 'utf8'));
    assert.deepEqual(stored, { ...next, count: 1 });
    assert.equal(await recordFailure(folder, next), 2);
  });

  it('is not shown for a unit that was cancelled since', async (test) => {
    const root = await temporaryFolder(test);
    const at = openTestStore(root);
    await recordFailure(at.folder, failure);
    const { sweepId, unit } = failure;
    const words = await wordsOfFailure(at, sweepId, { unit, kind: 'Cancelled', message: `${unit}: cancelled` });
    assert.equal(words, `${unit}: cancelled`);
    assert.deepEqual(await recordedFailures(at.folder, sweepId), new Map([[unit, 'ChildFailed']]));
  });

  it('is kept separately for each sweep and unit, and is gone once forgotten', async (test) => {
    const root = await temporaryFolder(test);
    const { folder } = openTestStore(root);
    await recordFailure(folder, failure);
    assert.equal(await wordsOf(root, { ...failure, unit: 'train a/lr/ce/fold-1' }), 'short');
    assert.equal(await wordsOf(root, { ...failure, sweepId: 'other-0123456789' }), 'short');
    assert.equal(await wordsOf(root, failure), 'out of memory');
    await forgetFailure(folder, failure.sweepId, failure.unit);
    assert.equal(await wordsOf(root, failure), 'short');
    assert.equal(await recordFailure(folder, failure), 1);
  });

  it('is never written outside the data folder', async (test) => {
    const root = await temporaryFolder(test);
    const { folder } = openTestStore(join(root, 'data'));
    await assert.rejects(recordFailure(folder, { ...failure, sweepId: '../../elsewhere' }), {
      code: 'ARGUMENT_INVALID',
    });
    assert.deepEqual(await readdir(root), []);
  });
});
