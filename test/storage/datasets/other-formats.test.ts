import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { prepareDataSet } from '../../support/data/prepare-data-set.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const shape = [6, 5, 4] as const;
const spacing = [1, 1.5, 2] as const;
const image = Float32Array.from({ length: 120 }, (_, index) => (index * 37) % 101);
const mask = Uint8Array.from({ length: 120 }, (_, index) => (index % 6 > 1 && index % 6 < 5 ? 1 : 0));

/** The same grid in each format: x to the right, y to the front, z to the head, the origin at 0. */
const encoders: Readonly<Record<string, (values: Float32Array | Uint8Array) => Uint8Array>> = {
  '.nii.gz': (values) => gzipSync(encodeNifti({ grid: gridOf(shape, spacing), values })),
  '.nrrd': (values) =>
    headed(
      `NRRD0004\ntype: ${values instanceof Uint8Array ? 'uchar' : 'float'}\ndimension: 3\nspace: RAS\nsizes: 6 5 4\n` +
        'space directions: (1,0,0) (0,1.5,0) (0,0,2)\nendian: little\nencoding: gzip\n\n',
      gzipSync(bytesOf(values)),
    ),
  '.mha': (values) =>
    headed(
      'ObjectType = Image\nNDims = 3\nDimSize = 6 5 4\nElementSpacing = 1 1.5 2\nCompressedData = True\n' +
        `ElementType = MET_${values instanceof Uint8Array ? 'UCHAR' : 'FLOAT'}\n` +
        'TransformMatrix = -1 0 0 0 -1 0 0 0 1\nElementDataFile = LOCAL\n',
      deflateSync(bytesOf(values)),
    ),
};

function headed(header: string, voxels: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(header), voxels]);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

describe('an nnU-Net data set', () => {
  it('is prepared to the same bytes from NIfTI, NRRD and MetaImage', async (test) => {
    const folder = await temporaryFolder(test);
    const prepared = [];
    for (const [ending, encode] of Object.entries(encoders)) {
      const root = join(folder, ending);
      for (const name of ['imagesTr', 'labelsTr']) mkdirSync(join(root, name), { recursive: true });
      writeFileSync(join(root, 'dataset.json'), JSON.stringify({ channel_names: { 0: 'T1' }, file_ending: ending }));
      writeFileSync(join(root, 'imagesTr', `a_0000${ending}`), encode(image));
      writeFileSync(join(root, 'labelsTr', `a${ending}`), encode(mask));
      const dataSet = {
        kind: 'nnunet',
        path: root,
        modalities: ['T1'],
        preprocessing: { crop: [3, 3, 3], spacingMm: 1.25 },
      };
      const { statistics } = await prepareDataSet(join(folder, `data${ending}`), dataSet);
      // Only the digest of the files may differ.
      prepared.push(statistics.cases.map(({ artifact, quality }) => ({ artifact, quality })));
    }
    const [first, ...others] = prepared;
    assert.equal(first?.length, 1);
    for (const other of others) assert.deepEqual(other, first);
  });
});
