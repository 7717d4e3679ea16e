import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { encodePng } from '../../../storage/images/picture-files.js';
import { prepareDataSet } from '../../support/data/prepare-data-set.js';

const top = mkdtempSync(join(tmpdir(), 'volbias-tooth-outlines-'));
after(() => {
  rmSync(top, { recursive: true });
});

describe('a tooth given by its outlines', () => {
  it('is preprocessed like a mask', async () => {
    const root = join(top, 'tufts');
    mkdirSync(join(root, 'Radiographs'), { recursive: true });
    mkdirSync(join(root, 'Segmentation'));
    const picture = { width: 16, height: 12, values: Uint8Array.from({ length: 192 }, (_, index) => index) };
    writeFileSync(join(root, 'Radiographs', '1.png'), await encodePng(picture));
    const corners = [
      [2, 3],
      [6, 3],
      [6, 9],
      [2, 9],
    ];
    const outlines = [{ 'External ID': '1.JPG', Label: { objects: [{ title: '17', polygons: [corners] }] } }];
    writeFileSync(join(root, 'Segmentation', 'teeth_polygon.json'), JSON.stringify(outlines));
    const prepared = await prepareDataSet(join(top, 'tufts-data'), {
      kind: 'tufts',
      path: root,
      modalities: ['grey'],
      label: { title: '17' },
      preprocessing: { crop: [16, 12] },
    });
    assert.equal(prepared.statistics.cases[0]?.quality.structureVoxelsBefore, 24);
  });
});
