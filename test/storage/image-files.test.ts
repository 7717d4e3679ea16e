import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { DomainError } from '../../domain/domain-error.js';
import { encodeNifti } from '../../domain/formats/encode-nifti.js';
import { orientationCode } from '../../domain/image/orientation.js';
import { readImage, readOneImage, writeNifti, writePng } from '../../storage/image-files.js';
import { readNiftiHeader } from '../../storage/nifti-files.js';
import { gridOf, imageFixtures, imageOf, imageReference, largestDifference } from '../support/image-fixtures.js';

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

const folder = mkdtempSync(join(tmpdir(), 'volbias-images-'));
after(() => {
  rmSync(folder, { recursive: true });
});

function fixture(name: string): string {
  return join(imageFixtures, name);
}

/** A file made of bytes, for readers to choke on. */
function damaged(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function refusal(path: string): Promise<DomainError> {
  const error: unknown = await readImage(path).then(
    () => assert.fail(`${path} was read`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DomainError, String(error));
  assert.ok(error.message.includes(path), error.message);
  return error;
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

  it('one entry of the fourth axis is read alone', async () => {
    const all = await readImage(fixture('four-d.nii'));
    const [second, ...none] = await readImage(fixture('four-d.nii'), { channel: 1 });
    assert.equal(none.length, 0);
    assert.deepEqual(second, all[1]);
  });

  it('an entry that the file does not have is refused', async () => {
    await assert.rejects(readImage(fixture('four-d.nii'), { channel: 3 }), { code: 'ARGUMENT_INVALID' });
  });

  it('a 4-D file where one image is expected is refused, not cut to its first', async () => {
    await assert.rejects(readOneImage(fixture('four-d.nii')), { code: 'IMAGE_SHAPE_MISMATCH' });
    assert.equal((await readOneImage(fixture('four-d.nii'), { channel: 2 })).values.length, 12);
  });
});

describe('damaged NIfTI files', () => {
  const good = readFileSync(fixture('int16-1.nii'));
  const littleEndian = readFileSync(fixture('uint8-1.nii'));
  const zipped = gzipSync(littleEndian);

  /** The uint8 file with some bytes of its header changed. */
  function changed(change: (view: DataView) => void, source: Buffer = littleEndian): Buffer {
    const bytes = Buffer.from(source);
    change(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return bytes;
  }

  it('the file that they are made of is good', async () => {
    assert.equal((await readImage(damaged('good.nii.gz', zipped))).length, 1);
  });

  const cases: readonly (readonly [string, string, Uint8Array, RegExp])[] = [
    ['an empty file', 'a.nii', new Uint8Array(0), /empty/],
    ['a file that ends inside its header', 'b.nii', good.subarray(0, 200), /inside the 348 bytes/],
    ['a file that ends inside its voxels', 'c.nii', good.subarray(0, good.length - 1), /promises/],
    ['a gzip that ends early', 'd.nii.gz', zipped.subarray(0, zipped.length - 12), /damaged or cut off/],
    ['a gzip whose voxels end early', 'e.nii.gz', gzipSync(good.subarray(0, good.length - 1)), /promises/],
    ['more voxels than the header promises', 'f.nii', Buffer.concat([good, Buffer.from([1])]), /more data/],
    [
      'a gzip that expands beyond the header',
      'g.nii.gz',
      gzipSync(Buffer.concat([good, Buffer.alloc(1e6)])),
      /more data/,
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
      /cannot hold/,
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
      'a header that promises far more than the file can hold',
      'x.nii',
      changed((view) => {
        view.setInt16(42, 1000, true);
        view.setInt16(44, 1000, true);
        view.setInt16(46, 100, true);
      }),
      /cannot hold/,
    ],
  ];
  for (const [what, name, bytes, reason] of cases) {
    it(`${what}: refused with the reason`, async () => {
      const error = await refusal(damaged(name, bytes));
      assert.equal(error.code, 'FILE_FORMAT_INVALID');
      assert.match(error.message, reason);
    });
  }

  it('dimensions that overflow are too large, not negative', async () => {
    const bytes = changed((view) => {
      for (let axis = 1; axis <= 4; axis++) view.setInt16(40 + 2 * axis, 32_767, true);
      view.setInt16(40, 4, true);
    });
    assert.equal((await refusal(damaged('overflow.nii', bytes))).code, 'FILE_TOO_LARGE');
  });

  it('any flipped byte of the compressed voxels is noticed', async () => {
    const noise = Float32Array.from({ length: 4096 }, (_, index) => Math.sin(index * index));
    const file = gzipSync(encodeNifti({ grid: gridOf([16, 16, 16]), values: noise }));
    for (let at = 400; at < file.length - 8; at += 997) {
      const bytes = Buffer.from(file);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      const error = await refusal(damaged('flipped.nii.gz', bytes));
      assert.equal(error.code, 'FILE_FORMAT_INVALID');
    }
  });

  it('a missing file and a folder are unreadable', async () => {
    assert.equal((await refusal(join(folder, 'absent.nii'))).code, 'FILE_UNREADABLE');
    const asFolder = join(folder, 'folder.nii');
    mkdirSync(asFolder);
    assert.equal((await refusal(asFolder)).code, 'FILE_UNREADABLE');
  });

  it('NaN and infinite voxels are counted and refused, or put to 0 on request', async () => {
    const values = Float32Array.of(1, NaN, Infinity, -Infinity, NaN, 2);
    const path = damaged('nan.nii', encodeNifti({ grid: gridOf([3, 2, 1]), values }));
    const error = await refusal(path);
    assert.equal(error.code, 'IMAGE_VALUES_INVALID');
    assert.deepEqual([error.details.nan, error.details.infinite], [2, 2]);
    assert.deepEqual([...(await readOneImage(path, { nonFinite: 'zero' })).values], [1, 0, 0, 0, 0, 2]);
  });

  it('a file may be padded with zeros to the end of a block', async () => {
    const path = damaged('padded.nii', Buffer.concat([good, Buffer.alloc(512)]));
    assert.deepEqual(await readImage(path), await readImage(fixture('int16-1.nii')));
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
    it(`${name} has the stored values, without gamma or profile`, async () => {
      const image = await readOneImage(fixture(name));
      assert.deepEqual(image.grid.shape, [width, height, 1]);
      // JPEG decoders may round differently by one.
      const tolerance = name.endsWith('.jpg') ? 1 : 1e-4;
      assert.ok(largestDifference(image.values, values) <= tolerance, [...image.values].join());
    });
  }

  const refused: readonly (readonly [string, RegExp])[] = [
    ['transparent.png', /transparent/],
    ['turned.jpg', /orientation is 6/],
    ['cmyk.jpg', /CMYK/],
  ];
  for (const [name, reason] of refused) {
    it(`${name} is refused`, async () => {
      const error = await refusal(fixture(name));
      assert.equal(error.code, 'FILE_FORMAT_INVALID');
      assert.match(error.message, reason);
    });
  }

  it('a cut-off picture is refused', async () => {
    const bytes = readFileSync(fixture('colour.png'));
    assert.equal((await refusal(damaged('cut.png', bytes.subarray(0, 80)))).code, 'FILE_FORMAT_INVALID');
    assert.equal((await refusal(damaged('none.jpg', new Uint8Array(0)))).code, 'FILE_FORMAT_INVALID');
  });

  it('a picture that claims 60,000 × 60,000 pixels is refused before it is decoded', async () => {
    const bytes = Buffer.from(readFileSync(fixture('grey8.png')));
    bytes.writeUInt32BE(60_000, 16);
    bytes.writeUInt32BE(60_000, 20);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    assert.equal((await refusal(damaged('bomb.png', bytes))).code, 'FILE_TOO_LARGE');
  });

  it('8 and 16 bits survive writing and reading', async () => {
    const path = join(folder, 'written.png');
    for (const values of [Uint8Array.of(0, 1, 127, 128, 254, 255), Uint16Array.of(0, 1, 255, 256, 40_000, 65_535)]) {
      await writePng(path, { width: 3, height: 2, values });
      assert.deepEqual([...(await readOneImage(path)).values], [...values]);
    }
  });
});

describe('written NIfTI files', () => {
  it('are read back with their values and place', async () => {
    const grid = gridOf([4, 3, 2], [1, 2, 3]);
    const image = imageOf(grid, (x, y, z) => x - 10 * y + z / 7);
    const path = join(folder, 'written.nii');
    await writeNifti(path, image);
    assert.deepEqual(await readOneImage(path), image);
  });

  it('are deterministic', () => {
    const image = imageOf(gridOf([4, 3, 2]), (x) => x);
    assert.deepEqual(encodeNifti(image), encodeNifti(image));
    assert.deepEqual(gunzipSync(gzipSync(encodeNifti(image))), Buffer.from(encodeNifti(image)));
  });
});
