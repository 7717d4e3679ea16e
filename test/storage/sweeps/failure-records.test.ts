import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { dataFolderAt } from '../../../storage/store/data-folder.js';
import { forgetFailure, readFailure, recordFailure } from '../../../storage/sweeps/failure-records.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const failure = {
  sweepId: 's',
  unit: 'train a/lr/ce/fold-0',
  runId: 'one',
  kind: 'ChildFailed',
  message: 'out of memory',
};

describe('the record of a failure', () => {
  it('counts the failures of one run, and begins anew with the next', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    assert.equal(await recordFailure(folder, failure), 1);
    assert.equal(await recordFailure(folder, failure), 2);
    assert.equal(await recordFailure(folder, { ...failure, runId: 'two', message: 'again' }), 1);
    assert.deepEqual(await readFailure(folder, 's', failure.unit), {
      ...failure,
      runId: 'two',
      message: 'again',
      count: 1,
    });
  });

  it('is kept for each sweep and unit apart, and is gone when it is forgotten', async (test) => {
    const folder = dataFolderAt(await temporaryFolder(test));
    await recordFailure(folder, failure);
    assert.equal(await readFailure(folder, 's', 'train a/lr/ce/fold-1'), undefined);
    assert.equal(await readFailure(folder, 'other', failure.unit), undefined);
    await forgetFailure(folder, 's', failure.unit);
    assert.equal(await readFailure(folder, 's', failure.unit), undefined);
  });
});
