import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { readOneImage } from '../../../storage/images/image-files.js';
import { readGrid } from '../../../storage/images/image-grid.js';
import { encodePng } from '../../../storage/images/picture-files.js';
import { fixturesFolder } from '../../support/paths.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('readGrid', () => {
  it('gives the grid that reading the voxels gives', async () => {
    const folder = join(fixturesFolder, 'hippocampus', 'imagesTr');
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      assert.deepEqual(await readGrid(path), { grid: (await readOneImage(path)).grid, channels: 1 });
    }
  });

  it('takes brackets in the name of a picture as they are', async (test) => {
    const path = join(await temporaryFolder(test), 'a[1].png');
    await writeFile(path, await encodePng({ width: 5, height: 3, values: new Uint8Array(15) }));
    assert.deepEqual((await readGrid(path)).grid.shape, [5, 3, 1]);
  });

  it('hands no other format to a decoder, whatever the name says', async (test) => {
    const path = join(await temporaryFolder(test), 'a.png');
    await writeFile(path, '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await assert.rejects(readGrid(path), { code: 'FILE_FORMAT_INVALID' });
  });
});
