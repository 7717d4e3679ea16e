import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { niftiBytes } from '../support/images/nifti-bytes.js';
import { bratsFiles, bratsGrid, bratsVoxels } from './brats-case.js';

const slabs = 5;

/**
 * Writes cases in BRATS's layout, no two with the same voxels, and returns the files' paths. Compressing each would take minutes, so
 * they are put together: gzip members follow each other in a file, one for each slab of slices in one of a few variants.
 */
export function writeBratsCases(folder: string, count: number): string[] {
  const variants = Math.ceil(count ** (1 / slabs));
  const files: string[] = [];
  for (const name of bratsFiles) {
    const { header } = niftiBytes(bratsGrid, 'int16', new Int16Array(0));
    const members = Array.from({ length: variants }, (_, variant) => {
      const values = bratsVoxels(name, variant);
      const length = values.length / slabs;
      return Array.from({ length: slabs }, (__, slab) => {
        const { voxels } = niftiBytes(bratsGrid, 'int16', values.subarray(slab * length, (slab + 1) * length));
        return gzipSync(voxels);
      });
    });
    for (let index = 0; index < count; index++) {
      const id = `Brats18_BENCH_${index}_1`;
      mkdirSync(join(folder, 'HGG', id), { recursive: true });
      const chosen = Array.from({ length: slabs }, (_, slab) => {
        return members[Math.floor(index / variants ** slab) % variants]?.[slab] ?? Buffer.alloc(0);
      });
      const path = join(folder, 'HGG', id, `${id}_${name}.nii.gz`);
      writeFileSync(path, Buffer.concat([gzipSync(header), ...chosen]));
      files.push(path);
    }
  }
  return files;
}
