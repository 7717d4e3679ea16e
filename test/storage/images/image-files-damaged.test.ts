import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { readImage, readOneImage } from '../../../storage/images/image-files.js';
import { damaged, fixture, folder, refusal } from '../../support/images/image-files.js';
import { gridOf } from '../../support/images/image-fixtures.js';

describe('reading damaged NIfTI files', () => {
  const good = readFileSync(fixture('int16-1.nii'));
  const littleEndian = readFileSync(fixture('uint8-1.nii'));
  const zipped = gzipSync(littleEndian);

  /** The uint8 file with some header bytes changed. */
  function changed(change: (view: DataView) => void, source: Buffer = littleEndian): Buffer {
    const bytes = Buffer.from(source);
    change(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return bytes;
  }

  it('accepts the file from which they are made', async () => {
    assert.equal((await readImage(damaged('good.nii.gz', zipped))).length, 1);
  });

  const cases: readonly (readonly [string, string, Uint8Array, RegExp])[] = [
    ['an empty file', 'a.nii', new Uint8Array(0), /empty/],
    ['a file that ends inside its header', 'b.nii', good.subarray(0, 200), /inside the 348 bytes/],
    ['a file that ends inside its voxels', 'c.nii', good.subarray(0, good.length - 1), /declares/],
    ['a gzip that ends early', 'd.nii.gz', zipped.subarray(0, zipped.length - 12), /damaged or cut off/],
    ['a gzip whose voxels end early', 'e.nii.gz', gzipSync(good.subarray(0, good.length - 1)), /declares/],
    ['more voxels than the header declares', 'f.nii', Buffer.concat([good, Buffer.from([1])]), /unexpected data after/],
    [
      'a gzip that expands beyond the header',
      'g.nii.gz',
      gzipSync(Buffer.concat([good, Buffer.alloc(1e6)])),
      /unexpected data after/,
    ],
    ['text', 'h.nii', Buffer.from('not an image at all'), /NIfTI header/],
    [
      'no magic (ANALYZE)',
      'i.nii',
      changed((view) => {
        view.setInt32(344, 0);
      }),
      /magic/,
    ],
    [
      'dim[0] of 0',
      'j.nii',
      changed((view) => {
        view.setInt16(40, 0, true);
      }),
      /dim\[0\] is 0/,
    ],
    [
      'dim[0] of 9',
      'k.nii',
      changed((view) => {
        view.setInt16(40, 9, true);
      }),
      /dim\[0\] is 9/,
    ],
    [
      'a negative dimension',
      'l.nii',
      changed((view) => {
        view.setInt16(44, -4, true);
      }),
      /at least 1/,
    ],
    [
      'complex voxels',
      'm.nii',
      changed((view) => {
        view.setInt16(70, 32, true);
      }),
      /complex64/,
    ],
    [
      'RGB voxels',
      'n.nii',
      changed((view) => {
        view.setInt16(70, 128, true);
      }),
      /RGB24/,
    ],
    [
      '128-bit floats',
      'o.nii',
      changed((view) => {
        view.setInt16(70, 1536, true);
      }),
      /float128/,
    ],
    [
      'bits that contradict the type',
      'p.nii',
      changed((view) => {
        view.setInt16(72, 16, true);
      }),
      /16 bits/,
    ],
    [
      'voxels inside the header',
      'q.nii',
      changed((view) => {
        view.setFloat32(108, 16, true);
      }),
      /byte 16/,
    ],
    [
      'voxels beyond the end',
      'r.nii',
      changed((view) => {
        view.setFloat32(108, 4096, true);
      }),
      /holds at most/,
    ],
    [
      'a spacing of 0',
      's.nii',
      changed((view) => {
        view.setFloat32(80, 0, true);
      }),
      /positive/,
    ],
    [
      'a spacing of NaN',
      't.nii',
      changed((view) => {
        view.setFloat32(84, NaN, true);
      }),
      /positive/,
    ],
    [
      'a spacing that contradicts the affine',
      'u.nii',
      changed((view) => {
        view.setFloat32(80, 3, true);
      }),
      /pixdim/,
    ],
    [
      'an affine with NaN',
      'v.nii',
      changed((view) => {
        view.setFloat32(292, NaN, true);
      }),
      /not finite/,
    ],
    [
      'a slope without intercept',
      'w.nii',
      changed((view) => {
        view.setFloat32(112, 2, true);
        view.setFloat32(116, NaN, true);
      }),
      /scl_inter/,
    ],
    [
      'a header that declares far more than the file can hold',
      'x.nii',
      changed((view) => {
        view.setInt16(42, 1000, true);
        view.setInt16(44, 1000, true);
        view.setInt16(46, 100, true);
      }),
      /holds at most/,
    ],
  ];
  for (const [what, name, bytes, reason] of cases) {
    it(`refuses ${what}, with the reason`, async () => {
      const error = await refusal(damaged(name, bytes));
      assert.equal(error.code, 'FILE_FORMAT_INVALID');
      assert.match(error.message, reason);
    });
  }

  it('finds dimensions that overflow too large, not negative', async () => {
    const bytes = changed((view) => {
      for (let axis = 1; axis <= 4; axis++) view.setInt16(40 + 2 * axis, 32_767, true);
      view.setInt16(40, 4, true);
    });
    assert.equal((await refusal(damaged('overflow.nii', bytes))).code, 'FILE_TOO_LARGE');
  });

  it('detects any flipped byte of the compressed voxels', async () => {
    const noise = Float32Array.from({ length: 4096 }, (_, index) => Math.sin(index * index));
    const file = gzipSync(encodeNifti({ grid: gridOf([16, 16, 16]), values: noise }));
    for (let at = 400; at < file.length - 8; at += 997) {
      const bytes = Buffer.from(file);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      const error = await refusal(damaged('flipped.nii.gz', bytes));
      assert.equal(error.code, 'FILE_FORMAT_INVALID');
    }
  });

  it('refuses a missing file, a folder and a pipe, which would never end, as unreadable', async () => {
    assert.equal((await refusal(join(folder, 'absent.nii'))).code, 'FILE_UNREADABLE');
    const asFolder = join(folder, 'folder.nii');
    mkdirSync(asFolder);
    assert.equal((await refusal(asFolder)).code, 'FILE_UNREADABLE');
    for (const name of ['pipe.nii', 'pipe.png']) {
      const pipe = join(folder, name);
      execFileSync('mkfifo', [pipe]);
      assert.equal((await refusal(pipe)).code, 'FILE_UNREADABLE');
    }
  });

  it('counts and refuses NaN and infinite voxels, or replaces them with 0 on request', async () => {
    const values = Float32Array.of(1, NaN, Infinity, -Infinity, NaN, 2);
    const path = damaged('nan.nii', encodeNifti({ grid: gridOf([3, 2, 1]), values }));
    const error = await refusal(path);
    assert.equal(error.code, 'IMAGE_VALUES_INVALID');
    assert.deepEqual([error.details.nan, error.details.infinite], [2, 2]);
    assert.deepEqual([...(await readOneImage(path, { nonFinite: 'zero' })).values], [1, 0, 0, 0, 0, 2]);
  });

  it('accepts zeros after the voxels, to the end of a block', async () => {
    const path = damaged('padded.nii', Buffer.concat([good, Buffer.alloc(512)]));
    assert.deepEqual(await readImage(path), await readImage(fixture('int16-1.nii')));
  });
});
