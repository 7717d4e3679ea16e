import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';

import { wholeSweepId } from '../../../cli/sweep/whole-sweep-id.js';
import { dataFolderIn } from '../../../storage/store/shared/open-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

it('the name of a sweep is that of no other whose name begins with it', async (test) => {
  const root = await temporaryFolder(test);
  for (const id of ['cells-0123456789', 'cells-auto-0123456789', 'cells-auto-9876543210'])
    await mkdir(join(root, 'sweeps', id), { recursive: true });
  const folder = dataFolderIn(root, {});
  assert.equal(await wholeSweepId(folder, 'cells'), 'cells-0123456789');
  assert.equal(await wholeSweepId(folder, 'cells-auto-0'), 'cells-auto-0123456789');
  assert.equal(await wholeSweepId(folder, 'none'), 'none');
  await assert.rejects(wholeSweepId(folder, 'cells-auto'), {
    code: 'ARGUMENT_INVALID',
    message: '"cells-auto" is the name of several sweeps: cells-auto-0123456789, cells-auto-9876543210',
  });
  await assert.rejects(wholeSweepId(folder, 'cel'), { message: /"cel" is the beginning of several sweeps/ });
});
