import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { found, refusal, tree } from '../../support/data/data-set-trees.js';
import { gridOf } from '../../support/images/image-fixtures.js';

const files = ['imagesTr/a.nii', 'labelsTr/a.nii', 'imagesTr/b.nii', 'labelsTr/b.nii'];
const training = ['a', 'b'].map((id) => ({ image: `imagesTr/${id}.nii`, label: `labelsTr/${id}.nii` }));

/** A Decathlon whose images a and b have so many volumes. */
function decathlon(modality: object, volumes: readonly [number, number]): string {
  const root = tree(...files, ['dataset.json', { modality, training }]);
  for (const [index, id] of ['a', 'b'].entries()) {
    const values = Array.from({ length: volumes[index] ?? 0 }, () => new Float32Array(8));
    writeFileSync(join(root, 'imagesTr', `${id}.nii`), encodeNifti({ grid: gridOf([2, 2, 2]), values }));
  }
  return root;
}

const three = { 0: 'FLAIR', 1: 'T1', 2: 'T2' };

describe('the modalities that dataset.json declares', () => {
  it('are as many as the volumes of each image of the Decathlon, also of those that are not asked for', async () => {
    const expected =
      /one case is faulty:\n {2}case "b": imagesTr\/b\.nii has 2 volumes, but dataset\.json names 3 modalities \(FLAIR, T1, T2\)/;
    await refusal('decathlon', decathlon(three, [3, 2]), ['FLAIR', 'T1'], expected);
    assert.deepEqual(Object.keys(await found('decathlon', decathlon(three, [3, 3]), ['FLAIR', 'T1'])), ['a', 'b']);
    await refusal('decathlon', decathlon(three, [3, 4]), ['T2'], /b\.nii has 4 volumes/);
  });

  it('have names of their own, if they are asked for', async () => {
    const twice = { 0: 'T1', 1: 'T1', 2: 'T2' };
    const expected = /dataset\.json gives the name T1 to several modalities; give each its own/;
    await refusal('decathlon', decathlon(twice, [3, 3]), ['T1', 'T2'], expected);
    assert.deepEqual(Object.keys(await found('decathlon', decathlon(twice, [3, 3]), ['T2'])), ['a', 'b']);
    const images = ['imagesTr/a_0000.nii', 'imagesTr/a_0001.nii', 'imagesTr/a_0002.nii', 'labelsTr/a.nii'];
    const nnunet = tree(...images, ['dataset.json', { channel_names: twice }]);
    await refusal('nnunet', nnunet, ['T1', 'T2'], expected);
  });
});
