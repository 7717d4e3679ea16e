import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { orientationCode } from '../../../domain/image/orientation.js';
import { readImage, readOneImage } from '../../../storage/images/image-files.js';
import { encodePng } from '../../../storage/images/picture-files.js';
import { readNiftiHeader } from '../../../storage/images/nifti-files.js';
import { damaged, fixture, folder, refusal } from '../../support/images/image-files.js';
import { gridOf, imageOf, imageReference, largestDifference } from '../../support/images/image-fixtures.js';

interface NiftiReference {
  readonly shape: readonly number[];
  readonly dataType: string;
  readonly littleEndian: boolean;
  readonly version: number;
  readonly affine: readonly (readonly number[])[];
  readonly orientation: string;
  readonly sformCode: number;
  readonly qformCode: number;
  readonly values: readonly number[];
}

describe('NIfTI files that nibabel has read', () => {
  for (const [name, reference] of Object.entries(imageReference<NiftiReference>('nifti.json'))) {
    it(`${name} has nibabel's header and, as float32, its values`, async () => {
      const header = await readNiftiHeader(fixture(name));
      const images = await readImage(fixture(name));
      const [x, y, z, ...rest] = reference.shape;
      assert.deepEqual(header.shape, [x, y, z]);
      assert.equal(images.length, Math.max(1, ...rest));
      assert.equal(header.dataType, reference.dataType);
      assert.equal(header.littleEndian, reference.littleEndian);
      assert.equal(header.version, reference.version);
      assert.equal(header.sformCode, reference.sformCode);
      assert.equal(header.qformCode, reference.qformCode);
      assert.ok(largestDifference(header.affine.flat(), reference.affine.flat()) < 1e-6);
      assert.equal(orientationCode(header.affine), reference.orientation);
      const values = images.flatMap((image) => [...image.values]);
      assert.deepEqual(values, reference.values.map(Math.fround));
    });
  }

  it('voxels may begin at any byte after the header', async () => {
    const good = readFileSync(fixture('int16-2.nii'));
    assert.ok(good.readInt32LE(0) === 540 || good.readInt32BE(0) === 540);
    const bytes = Buffer.concat([good.subarray(0, 544), Buffer.of(1, 2, 3), good.subarray(544)]);
    if (good.readInt32LE(0) === 540) bytes.writeBigInt64LE(547n, 168);
    else bytes.writeBigInt64BE(547n, 168);
    const [image] = await readImage(damaged('odd.nii', bytes));
    assert.deepEqual(image, (await readImage(fixture('int16-2.nii')))[0]);
  });

  it('one entry of the fourth axis can be read alone', async () => {
    const all = await readImage(fixture('four-d.nii'));
    const [second, ...none] = await readImage(fixture('four-d.nii'), { channel: 1 });
    assert.equal(none.length, 0);
    assert.deepEqual(second, all[1]);
  });

  it('an entry beyond the end of the fourth axis is refused', async () => {
    await assert.rejects(readImage(fixture('four-d.nii'), { channel: 3 }), { code: 'ARGUMENT_INVALID' });
  });

  it('a 4-D file is refused if one image is expected, instead of cut to its first', async () => {
    await assert.rejects(readOneImage(fixture('four-d.nii')), { code: 'IMAGE_SHAPE_MISMATCH' });
    assert.equal((await readOneImage(fixture('four-d.nii'), { channel: 2 })).values.length, 12);
  });
});

/** The checksum of a PNG chunk (RFC 2083, appendix 15). */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

describe('pictures', () => {
  const references = imageReference<{ width: number; height: number; values: number[] }>('pictures.json');
  for (const [name, { width, height, values }] of Object.entries(references)) {
    it(`${name} has the stored values, without gamma correction or colour profile`, async () => {
      const image = await readOneImage(fixture(name));
      assert.deepEqual(image.grid.shape, [width, height, 1]);
      // JPEG decoders may differ by one because of rounding.
      const tolerance = name.endsWith('.jpg') ? 1 : 1e-4;
      assert.ok(largestDifference(image.values, values) <= tolerance, [...image.values].join());
    });
  }

  const refused: readonly (readonly [string, RegExp])[] = [
    ['transparent.png', /transparent/],
    ['turned.jpg', /EXIF orientation 6/],
    ['cmyk.jpg', /CMYK/],
  ];
  for (const [name, reason] of refused) {
    it(`${name} is refused`, async () => {
      const error = await refusal(fixture(name));
      assert.equal(error.code, 'FILE_FORMAT_INVALID');
      assert.match(error.message, reason);
    });
  }

  it('a truncated picture is refused', async () => {
    const bytes = readFileSync(fixture('colour.png'));
    assert.equal((await refusal(damaged('cut.png', bytes.subarray(0, 80)))).code, 'FILE_FORMAT_INVALID');
    assert.equal((await refusal(damaged('none.jpg', new Uint8Array(0)))).code, 'FILE_FORMAT_INVALID');
  });

  it('brackets in a file name are not libvips options', async () => {
    const named = damaged('scan[page=1].png', readFileSync(fixture('grey8.png')));
    assert.deepEqual(await readOneImage(named), await readOneImage(fixture('grey8.png')));
  });

  it('a changed file is read again', async () => {
    const path = join(folder, 'changing.png');
    for (const value of [7, 200]) {
      await writeFile(path, await encodePng({ width: 1, height: 1, values: Uint8Array.of(value) }));
      assert.deepEqual([...(await readOneImage(path)).values], [value]);
    }
  });

  it('a picture that claims 60,000 × 60,000 pixels is refused before it is decoded', async () => {
    const bytes = Buffer.from(readFileSync(fixture('grey8.png')));
    bytes.writeUInt32BE(60_000, 16);
    bytes.writeUInt32BE(60_000, 20);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    assert.equal((await refusal(damaged('bomb.png', bytes))).code, 'FILE_TOO_LARGE');
  });

  it('8- and 16-bit values survive writing and reading', async () => {
    const path = join(folder, 'written.png');
    for (const values of [Uint8Array.of(0, 1, 127, 128, 254, 255), Uint16Array.of(0, 1, 255, 256, 40_000, 65_535)]) {
      await writeFile(path, await encodePng({ width: 3, height: 2, values }));
      assert.deepEqual([...(await readOneImage(path)).values], [...values]);
    }
  });
});

describe('written NIfTI files', () => {
  it('are read back with their values and position', async () => {
    const grid = gridOf([4, 3, 2], [1, 2, 3]);
    const image = imageOf(grid, (x, y, z) => x - 10 * y + z / 7);
    const path = join(folder, 'written.nii');
    await writeFile(path, encodeNifti(image));
    assert.deepEqual(await readOneImage(path), image);
  });

  it('are deterministic', () => {
    const image = imageOf(gridOf([4, 3, 2]), (x) => x);
    assert.deepEqual(encodeNifti(image), encodeNifti(image));
  });
});
