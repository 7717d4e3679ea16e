import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { gridOf } from '../../support/images/image-fixtures.js';

const grid = gridOf([6, 6, 6], [2, 2, 2]);

/**
 * Writes cases in the layout of nnU-Net, with 6 × 6 × 6 voxels of 2 mm: by case, how many voxels of its mask have a value;
 * the others are 0.
 */
export async function writeMaskedCases(
  root: string,
  cases: Readonly<Record<string, Readonly<Record<number, number>>>>,
): Promise<void> {
  for (const name of ['imagesTr', 'labelsTr']) await mkdir(join(root, name), { recursive: true });
  for (const [index, [id, counts]] of Object.entries(cases).entries()) {
    const image = Float32Array.from({ length: 216 }, (_, voxel) => index + voxel);
    const mask = new Float32Array(216);
    let begin = 0;
    for (const [value, count] of Object.entries(counts)) {
      mask.fill(Number(value), begin, begin + count);
      begin += count;
    }
    await writeFile(join(root, 'imagesTr', `${id}_0000.nii`), encodeNifti({ grid, values: image }));
    await writeFile(join(root, 'labelsTr', `${id}.nii`), encodeNifti({ grid, values: mask }));
  }
}
