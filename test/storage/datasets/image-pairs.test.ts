import assert from 'node:assert/strict';
import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { repeatedImages } from '../../../storage/datasets/findings/repeated-images.js';
import { findCases } from '../../../storage/datasets/layouts/index.js';
import { FileDigests } from '../../../storage/files/file-digests.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { prepareDataSet } from '../../support/data/prepare-data-set.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const grid = gridOf([6, 6, 6], [2, 2, 2]);

/** Writes a .mhd header and its voxels. */
function writeDetached(stem: string, values: Float32Array | Uint8Array): void {
  const type = values instanceof Uint8Array ? 'MET_UCHAR' : 'MET_FLOAT';
  const lines = ['NDims = 3', 'DimSize = 6 6 6', `ElementType = ${type}`, 'ElementSpacing = 2 2 2'];
  writeFileSync(`${stem}.mhd`, [...lines, `ElementDataFile = ${basename(stem)}.raw`].join('\n'));
  writeFileSync(`${stem}.raw`, new Uint8Array(values.buffer));
}

type Endings = readonly [header: string, voxels: string];

/** Writes a .hdr/.img pair: the header of a single file with the pair's magic, and its voxels in a file of their own. */
function writePair(stem: string, values: Float32Array | Uint8Array, [hdr, img]: Endings = ['hdr', 'img']): void {
  const bytes = Buffer.from(encodeNifti({ grid, values }));
  const header = Buffer.from(bytes.subarray(0, 348));
  header.write('ni1\0', 344, 'latin1');
  header.writeFloatLE(0, 108); // vox_offset
  writeFileSync(`${stem}.${hdr}`, header);
  writeFileSync(`${stem}.${img}`, bytes.subarray(352));
}

const ramp = (first: number): Float32Array => Float32Array.from({ length: 216 }, (_, index) => first + index);
const block = Uint8Array.from({ length: 216 }, (_, index) => (index % 3 === 0 ? 1 : 0));

type Named = 'hdr' | 'img' | 'HDR';

async function dataSetOfPairs(folder: string, named: Named): Promise<object> {
  const root = join(folder, 'data');
  await mkdir(root);
  for (const [index, id] of ['a', 'b'].entries()) {
    const endings: Endings = named === 'HDR' ? ['HDR', 'IMG'] : ['hdr', 'img'];
    writePair(join(root, id), ramp(index), endings);
    writePair(join(root, `${id}-mask`), block, endings);
  }
  const rows = ['a', 'b'].map((id) => `${id},${id}-mask.${named},${id}.${named}`);
  writeFileSync(join(root, 'manifest.csv'), ['case,label,T1', ...rows].join('\n'));
  return { kind: 'manifest', path: root, modalities: ['T1'], preprocessing: { crop: [3, 3, 3] } };
}

describe('a data set of .hdr/.img pairs', () => {
  for (const named of ['hdr', 'img', 'HDR'] as const) {
    it(`is prepared again when the voxels of an image or a mask change (the manifest names .${named})`, async (test) => {
      const folder = await temporaryFolder(test);
      const dataSet = await dataSetOfPairs(folder, named);
      const voxels = named === 'HDR' ? 'IMG' : 'img';
      const artifacts = async (): Promise<string[]> =>
        (await prepareDataSet(folder, { ...dataSet })).preprocess.cases.map(({ artifact }) => artifact);
      const before = await artifacts();
      writeFileSync(join(folder, 'data', `a.${voxels}`), Buffer.from(ramp(50).buffer));
      const after = await artifacts();
      assert.notEqual(after[0], before[0]);
      assert.equal(after[1], before[1]);
      writeFileSync(
        join(folder, 'data', `b-mask.${voxels}`),
        block.map((value) => 1 - value),
      );
      assert.notEqual((await artifacts())[1], before[1]);
    });
  }

  it('has different images where only the voxels differ', async (test) => {
    const folder = await temporaryFolder(test);
    const dataSet = await dataSetOfPairs(folder, 'hdr');
    const { preprocess } = await prepareDataSet(folder, { ...dataSet });
    assert.equal(new Set(preprocess.cases.map(({ images }) => images)).size, 2);
    const cases = await findCases('manifest', join(folder, 'data'), { modalities: ['T1'] });
    assert.deepEqual(await repeatedImages(cases, new FileDigests(join(folder, 'digests'))), []);
    writeFileSync(join(folder, 'data', 'b.img'), Buffer.from(ramp(0).buffer));
    const repeated = await repeatedImages(cases, new FileDigests(join(folder, 'digests')));
    assert.deepEqual(
      repeated.map(({ message }) => message),
      ['its image T1 is identical to T1 of case a'],
    );
  });

  it('must have both files, of which one may be a link', async (test) => {
    const folder = await temporaryFolder(test);
    await dataSetOfPairs(folder, 'hdr');
    renameSync(join(folder, 'data', 'a.img'), join(folder, 'outside.img'));
    symlinkSync(join(folder, 'outside.img'), join(folder, 'data', 'a.img'));
    rmSync(join(folder, 'data', 'b.img'));
    await assert.rejects(findCases('manifest', join(folder, 'data'), { modalities: ['T1'] }), (error: Error) => {
      assert.doesNotMatch(error.message, /"a": /);
      assert.match(error.message, /"b": .*b\.img: there is no such file/);
      return true;
    });
  });
});

describe('a data set of .mhd files with their voxels beside them', () => {
  async function dataSetOfHeaders(folder: string): Promise<string> {
    const root = join(folder, 'data');
    await mkdir(root);
    for (const [index, id] of ['a', 'b'].entries()) {
      writeDetached(join(root, id), ramp(index));
      writeDetached(join(root, `${id}-mask`), block);
    }
    const rows = ['a', 'b'].map((id) => `${id},${id}-mask.mhd,${id}.mhd`);
    writeFileSync(join(root, 'manifest.csv'), ['case,label,T1', ...rows].join('\n'));
    return root;
  }

  it('is prepared again when the voxels of an image or a mask change', async (test) => {
    const folder = await temporaryFolder(test);
    const path = await dataSetOfHeaders(folder);
    const dataSet = { kind: 'manifest', path, modalities: ['T1'], preprocessing: { crop: [3, 3, 3] } };
    const artifacts = async (): Promise<string[]> =>
      (await prepareDataSet(folder, { ...dataSet })).preprocess.cases.map(({ artifact }) => artifact);
    const before = await artifacts();
    writeFileSync(join(path, 'a.raw'), Buffer.from(ramp(50).buffer));
    const after = await artifacts();
    assert.notEqual(after[0], before[0]);
    assert.equal(after[1], before[1]);
    writeFileSync(
      join(path, 'b-mask.raw'),
      block.map((value) => 1 - value),
    );
    assert.notEqual((await artifacts())[1], before[1]);
  });

  it('has repeated images where the voxels are the same, whatever the names of their files', async (test) => {
    const folder = await temporaryFolder(test);
    const path = await dataSetOfHeaders(folder);
    const cases = await findCases('manifest', path, { modalities: ['T1'] });
    assert.deepEqual(await repeatedImages(cases, new FileDigests(join(folder, 'digests'))), []);
    writeFileSync(join(path, 'b.raw'), Buffer.from(ramp(0).buffer));
    const repeated = await repeatedImages(cases, new FileDigests(join(folder, 'digests')));
    assert.deepEqual(
      repeated.map(({ severity, message }) => `${severity}: ${message}`),
      ['error: its image T1 is identical to T1 of case a'],
    );
  });

  it('has no repeated images where headers hold different voxels themselves', async (test) => {
    const folder = await temporaryFolder(test);
    const path = await dataSetOfHeaders(folder);
    for (const [index, id] of ['a', 'b'].entries()) {
      const header = readFileSync(join(path, `${id}.mhd`), 'latin1').replace(`${id}.raw`, 'LOCAL\n');
      writeFileSync(join(path, `${id}.mhd`), Buffer.concat([Buffer.from(header), Buffer.from(ramp(index).buffer)]));
    }
    const cases = await findCases('manifest', path, { modalities: ['T1'] });
    assert.deepEqual(await repeatedImages(cases, new FileDigests(join(folder, 'digests'))), []);
  });

  it('must have all files, of which one may be a link', async (test) => {
    const folder = await temporaryFolder(test);
    const path = await dataSetOfHeaders(folder);
    renameSync(join(path, 'a.raw'), join(folder, 'outside.raw'));
    symlinkSync(join(folder, 'outside.raw'), join(path, 'a.raw'));
    rmSync(join(path, 'b-mask.raw'));
    await assert.rejects(findCases('manifest', path, { modalities: ['T1'] }), (error: Error) => {
      assert.doesNotMatch(error.message, /"a": /);
      assert.match(error.message, /"b": .*b-mask\.raw: there is no such file/);
      return true;
    });
  });
});
