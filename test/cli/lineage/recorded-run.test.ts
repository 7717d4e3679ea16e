import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';

import { recordedRun } from '../../../cli/lineage/recorded-run.js';
import { LineageLog } from '../../../storage/store/lineage-log.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

it('a run that is ended on a full disk says why it has ended, and not that this cannot be recorded', async (test) => {
  const lineage = new LineageLog(join(await temporaryFolder(test), 'lineage.jsonl'));
  const record = { id: 'tiny-0123456789', specification: 'a'.repeat(64), configPath: 'tiny.yaml', locations: {} };
  const interrupted = new Error('interrupted');
  const run = async (): Promise<never> => {
    test.mock.method(lineage, 'append', () =>
      Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })),
    );
    throw interrupted;
  };
  await assert.rejects(recordedRun(lineage, { record, command: 'run' }, run), interrupted);
});
