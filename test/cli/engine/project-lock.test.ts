import assert from 'node:assert/strict';
import { it } from 'node:test';

import { takeProjectLock } from '../../../cli/engine/project-lock.js';
import { lockHolder } from '../../../storage/files/claim-lock.js';
import { dataFolderAt } from '../../../storage/store/data-folder.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

it('a data folder is taken by one engine at a time; the next is refused at once and told who has it', async (test) => {
  const folder = dataFolderAt(await temporaryFolder(test));
  const release = await takeProjectLock(folder);
  assert.equal((await lockHolder(folder.lock))?.pid, process.pid);
  await assert.rejects(takeProjectLock(folder), {
    code: 'ARGUMENT_INVALID',
    message: new RegExp(`another volbias \\(process ${String(process.pid)}\\) is using `),
  });
  await release();
  await (
    await takeProjectLock(folder)
  )();
});
