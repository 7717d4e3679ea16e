import assert from 'node:assert/strict';
import test from 'node:test';

import type { SweepResult } from '../../../contracts/sweep.js';
import { dataFolderAt } from '../../../storage/store/data-folder.js';
import { readSweepResult, writeSweepResult } from '../../../storage/sweeps/sweep-results.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('the result of a sweep is read as written, or not at all if its report is not a SHA-256', async (t) => {
  const folder = dataFolderAt(await temporaryFolder(t));
  const result: SweepResult = {
    ...{ outcome: 'complete', steps: [], failures: [], blocked: 0, repaired: [] },
    report: { step: 'report', key: 'a'.repeat(64), digest: 'b'.repeat(64) },
  };
  assert.equal(await readSweepResult(folder, 's'), undefined);
  await writeSweepResult(folder, 's', result);
  assert.deepEqual(await readSweepResult(folder, 's'), result);
  await writeSweepResult(folder, 's', { ...result, report: null });
  assert.deepEqual(await readSweepResult(folder, 's'), { ...result, report: null });
  await writeSweepResult(folder, 's', { ...result, report: { step: 'report', key: 'a'.repeat(64), digest: '../b' } });
  assert.equal(await readSweepResult(folder, 's'), undefined);
});
