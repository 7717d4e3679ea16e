import assert from 'node:assert/strict';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { validateDataSet } from '../../../storage/datasets/validate-data-set.js';
import { FileDigests } from '../../../storage/files/file-digests.js';
import { readImage } from '../../../storage/images/image-files.js';
import { configOf, prepareDataSet } from '../../support/data/prepare-data-set.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const grid = gridOf([4, 4, 4], [2, 2, 2]);
const image = encodeNifti({ grid, values: Float32Array.from({ length: 64 }, (_, index) => index) });
const mask = encodeNifti({ grid, values: new Uint8Array(64).fill(1, 20, 40) });
const nrrd = Buffer.concat([
  Buffer.from('NRRD0004\ntype: uchar\ndimension: 3\nsizes: 4 4 4\nspacings: 2 2 2\nencoding: raw\n\n'),
  new Uint8Array(64),
]);
const detached = Buffer.from(
  'NRRD0004\ntype: uchar\ndimension: 3\nsizes: 4 4 4\nspacings: 2 2 2\nencoding: raw\ndata file: voxels.raw\n\n',
);
/** The header of a pair, whose voxels lie in pair.img. */
const pair = Buffer.from(image.subarray(0, 348));
pair.write('ni1', 344);
pair.writeFloatLE(0, 108); // vox_offset
const tebibyte = 2 ** 40;

/** Cases whose images are sparse files of a tebibyte, each of which reading refuses, and a good one. */
async function oversized(test: TestContext): Promise<{ folder: string; dataSet: Record<string, unknown> }> {
  const folder = await temporaryFolder(test);
  const root = join(folder, 'data');
  mkdirSync(root);
  const files = {
    good: 'good.nii',
    headed: 'headed.nii',
    zeros: 'zeros.nii',
    zipped: 'zipped.nii.gz',
    picture: 'p.png',
    raw: 'raw.nrrd',
    pair: 'pair.hdr',
    detached: 'detached.nhdr',
  };
  for (const [id, name] of Object.entries(files)) {
    writeFileSync(join(root, `${id}-mask.nii`), mask);
    const bytes = { zipped: gzipSync(image), zeros: new Uint8Array(1), raw: nrrd, pair, detached }[id] ?? image;
    writeFileSync(join(root, name), bytes);
    if (id !== 'good') truncateSync(join(root, name), tebibyte);
  }
  writeFileSync(join(root, 'pair.img'), image.subarray(352));
  writeFileSync(join(root, 'voxels.raw'), new Uint8Array(64));
  const rows = Object.entries(files).map(([id, name]) => `${id},${id}-mask.nii,${name}`);
  writeFileSync(join(root, 'manifest.csv'), ['case,label,T1', ...rows].join('\n'));
  const dataSet = { kind: 'manifest', path: root, modalities: ['T1'], preprocessing: { crop: [4, 4, 4] } };
  return { folder, dataSet };
}

const reasons: readonly RegExp[] = [
  /detached.*detached\.nhdr: this header has 1099511627776 bytes/,
  /headed.*headed\.nii: unexpected data after the voxels that the header declares/,
  /pair.*pair\.hdr: this header has 1099511627776 bytes; at most 67108864 are allowed/,
  /picture.*p\.png: the file has 1099511627776 bytes; the limit is 536870912/,
  /raw.*raw\.nrrd: unexpected data after the voxels/,
  /zeros.*zeros\.nii: it does not begin with a NIfTI header/,
  /zipped.*zipped\.nii\.gz: unexpected data after the voxels/,
];

// Their digests would take the better part of an hour each.
describe('files of a tebibyte that reading refuses', { timeout: 60_000 }, () => {
  it('are not read whole by validate, which lists them', async (test) => {
    const { folder, dataSet } = await oversized(test);
    const [own] = configOf(dataSet).dataSets;
    assert.ok(own !== undefined);
    const location = { root: join(folder, 'data') };
    const digests = new FileDigests(join(folder, 'digests.json'));
    const found = await validateDataSet({
      dataSet: { ...own, upsampling: 'same' },
      ...{ location, folds: 1, importedFolds: null, innerValidation: false, digests },
    });
    const errors = (found?.findings ?? []).filter(({ severity }) => severity === 'error');
    const lines = errors.map((one) => `${one.severity} ${one.case ?? ''}: ${one.message}`);
    assert.equal(lines.length, reasons.length);
    for (const reason of reasons)
      assert.ok(
        lines.some((line) => reason.test(line)),
        `${String(reason)}\n${lines.join('\n')}`,
      );
  });

  it('are not read whole by a sweep, which names them all, or leaves them out', async (test) => {
    const { folder, dataSet } = await oversized(test);
    await assert.rejects(prepareDataSet(folder, dataSet), (error: Error) => {
      for (const reason of reasons) assert.match(error.message, reason);
      return true;
    });
    const { preprocess } = await prepareDataSet(folder, { ...dataSet, onInvalidCase: 'exclude' });
    assert.deepEqual(
      preprocess.cases.map(({ id }) => id),
      ['good'],
    );
  });
});

describe('a gzipped file', () => {
  it('may be as long as storing without compression makes it', async (test) => {
    const folder = await temporaryFolder(test);
    const path = join(folder, 'stored.nii.gz');
    writeFileSync(path, gzipSync(image, { level: 0 }));
    assert.equal((await readImage(path)).length, 1);
  });
});
