import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';

import { writeExport } from '../../../storage/exports/export-folder.js';
import { pseudonymKey } from '../../../storage/exports/pseudonym-key.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

it('an export and the key beside it may lie in folders that are not there yet', async (test) => {
  const folder = join(await temporaryFolder(test), 'new', 'export');
  const key = await pseudonymKey(`${folder}.pseudonym-key`);
  assert.deepEqual(await pseudonymKey(`${folder}.pseudonym-key`), key);
  await writeExport(folder, new Map([['a/b.txt', 'text']]));
  assert.equal(await readFile(join(folder, 'a', 'b.txt'), 'utf8'), 'text');
});
