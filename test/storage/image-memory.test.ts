import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import { encodeNifti } from '../../domain/formats/encode-nifti.js';
import { gridOf } from '../support/image-fixtures.js';
import { repositoryRoot } from '../support/paths.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const built = (...path: readonly string[]): string => JSON.stringify(join(repositoryRoot, 'dist', ...path));

/** Peak memory in bytes of a process that reads the files, one after the other, refusals included. */
function peakOfReading(...paths: readonly string[]): number {
  const program = `
    const { readImage } = await import(${built('storage', 'image-files.js')});
    const { peakMemory } = await import(${built('test', 'support', 'peak-memory.js')});
    for (const path of process.argv.slice(1)) await readImage(path).catch(() => undefined);
    process.stdout.write(String(peakMemory()));`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program, ...paths], { encoding: 'utf8' }));
}

describe('memory', () => {
  it('of reading is at most half as much again as the declared image, also for a gzip that never ends', async (test) => {
    const folder = await temporaryFolder(test);
    const small = join(folder, 'small.nii.gz');
    writeFileSync(small, gzipSync(encodeNifti({ grid: gridOf([4, 4, 4]), values: new Float32Array(64) })));
    const base = peakOfReading(small);

    // Large, because the streams leave up to 40 MB to the garbage collector whatever the image's size.
    const values = new Float32Array(512 * 256 * 256); // 128 MiB
    const file = encodeNifti({ grid: gridOf([512, 256, 256]), values });
    const large = join(folder, 'large.nii.gz');
    writeFileSync(large, gzipSync(file, { level: 1 }));
    const declared = values.byteLength;
    const needed = peakOfReading(large) - base;
    assert.ok(needed > 0.9 * declared, 'the image itself was not held, so nothing was measured');
    assert.ok(needed <= 1.5 * declared, `${(needed / declared).toFixed(2)} times the image`);

    // A header of 4×4×4 voxels before 64 MiB of zeros in 64 kB.
    const bomb = join(folder, 'bomb.nii.gz');
    const header = encodeNifti({ grid: gridOf([4, 4, 4]), values: new Float32Array(64) });
    writeFileSync(bomb, gzipSync(Buffer.concat([header, Buffer.alloc(64 << 20)])));
    assert.ok(peakOfReading(bomb) - base < 24 << 20);
  });
});
