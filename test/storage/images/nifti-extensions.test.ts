import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { niftiExtensions, type NiftiExtension } from '../../../domain/formats/nifti-extensions.js';
import { inspectFile } from '../../../storage/images/inspect-file.js';
import { imageFixtures, imageReference } from '../../support/images/image-fixtures.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

// test/fixtures/images/make.py wrote the files; nibabel listed their extensions.
const nibabels = imageReference<NiftiExtension[]>('extensions.json');
const headerBytes = 348;
const plain = readFileSync(join(imageFixtures, 'extensions-1-little.nii'));

/** The fixture with another size in its first extension. */
function withSize(size: number): Buffer {
  const bytes = Buffer.from(plain);
  bytes.writeInt32LE(size, headerBytes + 4);
  return bytes;
}

describe('the extensions of a NIfTI file', () => {
  for (const [name, expected] of Object.entries(nibabels)) {
    it(`are those that nibabel lists: ${name}`, async () => {
      const { extensions, extensionsProblem, max } = await inspectFile(join(imageFixtures, name));
      assert.deepEqual(extensions, expected);
      assert.equal(extensionsProblem, undefined);
      // The voxels, 0 to 23, are read from where the header says.
      assert.equal(max, 23);
    });
  }

  it('are empty if the header announces none', async () => {
    assert.deepEqual((await inspectFile(join(imageFixtures, 'int16-1.nii'))).extensions, []);
  });

  it('with an invalid size are reported, and the voxels are still read', async (test) => {
    const path = join(await temporaryFolder(test), 'damaged.nii');
    for (const size of [0, -16, 17, 1 << 20, 2 ** 31 - 16]) {
      await writeFile(path, withSize(size));
      const { extensions, extensionsProblem, max } = await inspectFile(path);
      assert.deepEqual(extensions, []);
      assert.match(extensionsProblem ?? '', new RegExp(`extension 1 .*${String(size)} bytes`));
      assert.equal(max, 23);
    }
  });

  it('end where a size leads back to the first one, unlike in nifti-reader-js', async (test) => {
    const path = join(await temporaryFolder(test), 'circle.nii');
    const bytes = withSize(16);
    bytes.writeInt32LE(-16, headerBytes + 4 + 16);
    await writeFile(path, bytes);
    const { extensions, extensionsProblem } = await inspectFile(path);
    assert.deepEqual(
      extensions.map(({ sizeBytes }) => sizeBytes),
      [16],
    );
    assert.match(extensionsProblem ?? '', /extension 2 .*-16 bytes/);
  });

  it('are listed if they begin in the first MiB; zeros after the last one are padding', async (test) => {
    const path = join(await temporaryFolder(test), 'large.nii');
    // Four extensions; 352 + 128 + 3 · 2²⁰ = 3,146,208.
    const [whole, voxels] = [48 + 32 + 32 + 16, plain.subarray(plain.length - 48)];
    const first = plain.subarray(0, headerBytes + 4 + whole);
    for (const [large, listed, problem] of [
      [3 << 20, 5, /extension 6 begins at byte 3146208, beyond the bytes read/],
      [0, 4, undefined],
    ] as const) {
      const sizes = Buffer.alloc(8);
      sizes.writeInt32LE(large);
      const bytes = Buffer.concat([first, sizes, Buffer.alloc(Math.max(16, large) + 8), voxels]);
      bytes.writeFloatLE(bytes.length - voxels.length, 108);
      await writeFile(path, bytes);
      const { extensions, extensionsProblem, max } = await inspectFile(path);
      assert.deepEqual([extensions.length, max], [listed, 23]);
      if (problem === undefined) assert.equal(extensionsProblem, undefined);
      else assert.match(extensionsProblem ?? '', problem);
    }
  });

  it('are limited to a hundred, and comments to a thousand characters', () => {
    const comment = 'é'.repeat(3000);
    const size = 16 * Math.ceil((8 + 2 * comment.length) / 16);
    const bytes = Buffer.alloc(headerBytes + 4 + size + 16 * 200);
    bytes[headerBytes] = 1;
    bytes.writeInt32LE(size, headerBytes + 4);
    bytes.writeInt32LE(6, headerBytes + 8);
    bytes.write(comment, headerBytes + 12);
    for (let i = 0; i < 200; i++) bytes.writeInt32LE(16, headerBytes + 4 + size + 16 * i);
    const found = niftiExtensions(bytes, { version: 1, littleEndian: true, end: bytes.length });
    assert.equal(found.extensions.length, 100);
    assert.equal(found.extensions[0]?.text, `${'é'.repeat(1000)}…`);
    assert.match(found.extensionsProblem ?? '', /only the first 100/);
  });

  it('are listed or refused for any bytes, without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (random, littleEndian) => {
        const bytes = new Uint8Array(headerBytes + 4 + random.length);
        bytes[headerBytes] = 1;
        bytes.set(random, headerBytes + 4);
        const { extensions } = niftiExtensions(bytes, { version: 1, littleEndian, end: bytes.length });
        const total = extensions.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        assert.ok(total <= random.length);
      }),
      { numRuns: 2000 },
    );
  });
});
