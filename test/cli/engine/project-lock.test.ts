import assert from 'node:assert/strict';
import { it } from 'node:test';

import { takeProjectLock } from '../../../cli/engine/project-lock.js';
import { lockHolder } from '../../../storage/files/file-lock.js';
import { dataFolderAt } from '../../../storage/store/data-folder.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

it('one engine at a time uses a data folder; a second is refused at once and told which process has it', async (test) => {
  const folder = dataFolderAt(await temporaryFolder(test));
  const release = await takeProjectLock(folder);
  assert.equal(await lockHolder(folder.lock), `process ${String(process.pid)}`);
  await assert.rejects(takeProjectLock(folder), {
    code: 'ARGUMENT_INVALID',
    message: new RegExp(`another volbias \\(process ${String(process.pid)}\\) is using `),
  });
  await release();
  await (
    await takeProjectLock(folder)
  )();
});
