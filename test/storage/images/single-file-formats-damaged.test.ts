import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import { DomainError } from '../../../domain/domain-error.js';
import { randomStream } from '../../../domain/random/random-stream.js';
import { readImage } from '../../../storage/images/image-files.js';
import { damaged, refusal } from '../../support/images/image-files.js';
import { fixturesFolder } from '../../support/paths.js';

function good(name: string): Buffer {
  return readFileSync(join(fixturesFolder, 'formats', name));
}

/** The file with a text of its header replaced; without a pattern to find, the test would test nothing. */
function edited(name: string, from: string | RegExp, to: string): Buffer {
  const text = good(name).toString('latin1');
  const result = text.replace(from, to);
  assert.notEqual(result, text, `${name} has no ${String(from)}`);
  return Buffer.from(result, 'latin1');
}

function changed(name: string, change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(good(name));
  change(bytes);
  return bytes;
}

const cut = (name: string, by: number): Buffer => good(name).subarray(0, -by);
const longer = (name: string, rest: Uint8Array): Buffer => Buffer.concat([good(name), rest]);

describe('NRRD files are refused', () => {
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['another beginning', edited('int8.nrrd', 'NRRD', 'NRRX'), /does not begin with an NRRD header/],
    ['an unknown version', edited('int8.nrrd', /NRRD\d+/, 'NRRD0006'), /is NRRD0006; expected NRRD0001 to NRRD0005/],
    ['a header without end', edited('int8.nrrd', '\n\n', '\n'), /does not end in an empty line|has the line/],
    ['a line that is no field', edited('int8.nrrd', 'type:', 'type'), /has the line "type/],
    ['a field stated twice', edited('int8.nrrd', 'type:', 'sizes: 1 1 1\ntype:'), /states sizes twice/],
    ['no type', edited('int8.nrrd', 'type:', 'tipe:'), /has no field "type"/],
    ['a block of bytes', edited('int8.nrrd', /type: .*/, 'type: block'), /type is block/],
    ['too few sizes', edited('int8.nrrd', 'sizes: 3 4 2', 'sizes: 3 8'), /"sizes" is "3 8"; expected 3 numbers/],
    ['sizes in hexadecimal', edited('int8.nrrd', 'sizes: 3', 'sizes: 0x3'), /expected 3 numbers/],
    ['an axis of length 0', edited('int8.nrrd', 'sizes: 3', 'sizes: 0'), /each must be at least 1/],
    ['half a voxel', edited('int8.nrrd', 'sizes: 3', 'sizes: 1.5'), /each must be at least 1/],
    ['no byte order', edited('int16.nrrd', 'endian: little\n', ''), /has no field "endian"/],
    ['bzip2', edited('int8.nrrd', /encoding: .*/, 'encoding: bzip2'), /encoding is bzip2; save it with/],
    ['text', edited('int8.nrrd', /encoding: .*/, 'encoding: ascii'), /encoding is ascii; save it with/],
    [
      'voxels elsewhere',
      edited('int8.nrrd', 'type:', 'data file: ../secret.raw\ntype:'),
      /voxels are in .*secret\.raw/,
    ],
    ['skipped bytes', edited('int8.nrrd', 'type:', 'byte skip: -1\ntype:'), /byte skip is not 0/],
    ['a space without directions', edited('big.nrrd', 'endian', 'space: LPS\r\nendian'), /"space" but no space dir/],
    ['positions as axis mins', edited('big.nrrd', 'endian', 'axis mins: 0 0 0\r\nendian'), /"axis mins" but no/],
    ['no spacing', edited('big.nrrd', /spacings.*\r\n/, ''), /states no voxel spacing/],
    ['an unknown spacing', edited('big.nrrd', 'spacings: 1.5', 'spacings: nan'), /states no voxel spacing/],
    [
      'a negative spacing',
      edited('big.nrrd', 'spacings: 1.5', 'spacings: -1.5'),
      /each must be positive; .*overrideSpacingMm$/,
    ],
    ['coplanar axes', edited('lps.nrrd', /\(.*\)/, '(1,0,0) (2,0,0) (0,0,1)'), /axes are coplanar|not finite/],
    ['directions that are no numbers', edited('lps.nrrd', /directions: \(\S*/, 'directions: (a,b,c)'), /not finite/],
    ['too few directions', edited('lps.nrrd', /directions: \(\S*/, 'directions:'), /expected 3, vectors/],
    ['an unknown unit', edited('lps.nrrd', 'type', 'space units: "inch" "inch" "inch"\ntype'), /units are inch/],
    [
      'channels in the middle',
      edited('layers-last.nrrd', /\(0,2,0\) (.*) none/, 'none (0,2,0) $1'),
      /first or the last/,
    ],
    ['two axes of channels', edited('layers-last.nrrd', '(0,0,3.25) none', 'none none'), /expected 4, vectors/],
    ['a cut-off file', cut('int16.nrrd', 1), /compressed data are damaged|file ends|holds at most/],
    ['a cut-off gzip', cut('ras.nrrd', 9), /compressed data are damaged/],
    ['a longer file', longer('int8.nrrd', Buffer.of(1)), /unexpected data after the voxels/],
  ];
  for (const [name, bytes, reason] of cases) {
    it(name, async () => {
      const error = await refusal(damaged('damaged.nrrd', bytes));
      assert.equal(error.code, 'FILE_FORMAT_INVALID');
      assert.match(error.message, reason);
      assert.ok(!error.message.includes('\n'));
    });
  }
});

describe('MetaImage files are refused', () => {
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['another beginning', edited('uint8.mha', 'ObjectType', 'Object'), /does not begin with a MetaImage header/],
    ['another object', edited('uint8.mha', 'ObjectType = Image', 'ObjectType = Mesh'), /ObjectType is Mesh/],
    [
      'a header without end',
      edited('uint8.mha', 'ElementDataFile = LOCAL', ''),
      /no line "ElementDataFile|has the line/,
    ],
    [
      'voxels elsewhere',
      edited('uint8.mha', 'LOCAL', '/etc/passwd'),
      /voxels are in .etc.passwd; expected one file in the same folder/,
    ],
    ['a field stated twice', edited('uint8.mha', 'NDims = 3', 'NDims = 3\nNDims = 2'), /states NDims twice/],
    ['five axes', edited('uint8.mha', 'NDims = 3', 'NDims = 5'), /NDims is 5/],
    ['no sizes', edited('uint8.mha', 'DimSize', 'DimSice'), /has no field "DimSize"/],
    ['an unknown type', edited('uint8.mha', 'MET_UCHAR', 'MET_STRING'), /ElementType is MET_STRING/],
    ['text', edited('uint8.mha', 'BinaryData = True', 'BinaryData = False'), /voxels are text/],
    ['a flag of another word', edited('uint8.mha', 'BinaryData = True', 'BinaryData = yes'), /expected True or False/],
    ['an intensity function', edited('uint8.mha', 'NDims', 'ElementToIntensityFunctionSlope = 2\nNDims'), /intensity/],
    ['a longer header', edited('uint8.mha', 'NDims', 'HeaderSize = 10\nNDims'), /HeaderSize is not 0/],
    ['two origins', edited('uint8.mha', 'NDims', 'Position = 1 2 3\nNDims'), /states both Offset and Position/],
    ['no spacing', edited('uint8.mha', /ElementSpacing.*\n/, ''), /states no voxel spacing/],
    [
      'a spacing of 0',
      edited('uint8.mha', /ElementSpacing.*/, 'ElementSpacing = 1 0 1'),
      /1×0×1; each must be positive; .*overrideSpacingMm$/,
    ],
    ['a singular matrix', edited('uint8.mha', /TransformMatrix.*/, 'TransformMatrix = 1 0 0 1 0 0 0 0 1'), /coplanar/],
    ['a slanted fourth axis', edited('time.mha', 'Matrix = 1 0 0 0', 'Matrix = 1 0 0 0.5'), /fourth axis is not perp/],
    [
      'another compressed size',
      edited('int8.mha', /CompressedDataSize = \d/, 'CompressedDataSize = 9'),
      /compressed byt/,
    ],
    ['a cut-off file', cut('uint8.mha', 1), /holds at most/],
    [
      'a cut-off zlib stream',
      edited('long.mha', /CompressedDataSize.*\r\n/, '').subarray(0, -3),
      /compressed data are dam/,
    ],
    ['a longer file', longer('uint8.mha', Buffer.of(1)), /unexpected data after the voxels/],
  ];
  for (const [name, bytes, reason] of cases) {
    it(name, async () => {
      const error = await refusal(damaged('damaged.mha', bytes));
      assert.equal(error.code, 'FILE_FORMAT_INVALID');
      assert.match(error.message, reason);
    });
  }
});

describe('MGH files are refused', () => {
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['an empty file', Buffer.alloc(0), /ends after 0 bytes, inside the 284 bytes/],
    ['another version', changed('int16.mgh', (bytes) => bytes.writeInt32BE(2, 0)), /version 1/],
    ['an unknown type', changed('int16.mgh', (bytes) => bytes.writeInt32BE(5, 20)), /voxel type has code 5/],
    ['no directions', changed('int16.mgh', (bytes) => bytes.writeInt16BE(0, 28)), /goodRASFlag/],
    [
      'a spacing of NaN',
      changed('int16.mgh', (bytes) => bytes.writeFloatBE(NaN, 30)),
      /each must be positive; .*overrideSpacingMm$/,
    ],
    ['coplanar axes', changed('int16.mgh', (bytes) => bytes.copy(bytes, 54, 42, 54)), /coplanar/],
    ['a negative length', changed('int16.mgh', (bytes) => bytes.writeInt32BE(-3, 4)), /each must be at least 1/],
    ['no frame', changed('int16.mgh', (bytes) => bytes.writeInt32BE(0, 16)), /each must be at least 1/],
    ['a cut-off file', good('int16.mgh').subarray(0, 284 + 10), /holds at most/],
    ['a trailer of more than a MiB', longer('int16.mgh', Buffer.alloc(1 << 20, 1)), /unexpected data after the voxels/],
  ];
  for (const [name, bytes, reason] of cases) {
    it(name, async () => {
      const error = await refusal(damaged('damaged.mgh', bytes));
      assert.equal(error.code, 'FILE_FORMAT_INVALID');
      assert.match(error.message, reason);
    });
  }
});

describe('of every format', () => {
  it('a header that declares more voxels than supported is too large, whatever the file', async () => {
    const huge: readonly (readonly [string, Buffer])[] = [
      ['huge.nrrd', edited('int8.nrrd', 'sizes: 3 4 2', 'sizes: 2048 2048 300')],
      ['huge.mha', edited('uint8.mha', 'DimSize = 3 4 2', 'DimSize = 2048 2048 300')],
      ['huge.mgh', changed('int16.mgh', (bytes) => bytes.writeInt32BE(2 ** 30, 4))],
    ];
    for (const [name, bytes] of huge) assert.equal((await refusal(damaged(name, bytes))).code, 'FILE_TOO_LARGE');
  });

  it('a header that declares more than the file can hold is refused before memory is reserved', async () => {
    const before = process.memoryUsage().rss;
    const large: readonly (readonly [string, Buffer])[] = [
      ['large.nrrd', edited('ras.nrrd', 'sizes: 3 4 2', 'sizes: 1000 1000 1000')],
      ['large.mha', edited('long.mha', 'DimSize = 3 4 2', 'DimSize = 1000 1000 1000')],
      ['large.mgz', gzipSync(changed('int16.mgh', (bytes) => bytes.writeInt32BE(10 ** 7, 4)))],
    ];
    for (const [name, bytes] of large) {
      assert.match((await refusal(damaged(name, bytes))).message, /but the file holds at most/);
    }
    assert.ok(process.memoryUsage().rss - before < 64 * 2 ** 20);
  });

  it('a flipped bit in compressed voxels is found', async () => {
    for (const name of ['int8.mha', 'uint8.nrrd', 'int16.mgz']) {
      const bytes = good(name);
      const start = name.endsWith('.mgz') ? 12 : bytes.indexOf(name.endsWith('.mha') ? 'LOCAL\n' : '\n\n') + 12;
      for (let at = start; at < bytes.length; at++) {
        const path = damaged(
          name,
          changed(name, (one) => (one[at] = (one[at] ?? 0) ^ 4)),
        );
        // A few bits of gzip's and zlib's frames mean nothing; then the voxels are right.
        const read = await readImage(path).catch((error: unknown) => error);
        if (!(read instanceof DomainError))
          assert.deepEqual(read, await readImage(join(fixturesFolder, 'formats', name)));
      }
    }
  });

  it('random changes of a header end in an image or a DomainError that names the file', async () => {
    const random = randomStream(7, 'headers');
    const whole = (limit: number): number => Math.floor(random.uniform() * limit);
    for (const name of [
      'ras.nrrd',
      'layers-last.nrrd',
      'big.nrrd',
      'int16.mha',
      'old-names.mha',
      'frames.mgz',
      'int32.mgh',
    ]) {
      for (let round = 0; round < 60; round++) {
        const bytes = changed(name, (one) => {
          for (let count = 0; count <= whole(3); count++) one[whole(Math.min(one.length, 400))] = whole(256);
        });
        const path = damaged(`random-${name}`, bytes);
        const read = await readImage(path, { nonFinite: 'keep' }).catch((error: unknown) => error);
        assert.ok(Array.isArray(read) || (read instanceof DomainError && read.message.includes(path)), String(read));
      }
    }
  });

  it('an image that states no spacing, or an impossible one, is read with the spacing of the config', async () => {
    const spacingMm = [2, 3, 4] as const;
    for (const [name, bytes] of [
      ['open.nrrd', edited('big.nrrd', /spacings.*\r\n/, '')],
      ['open.mha', edited('big.mha', /ElementSpacing.*\n/, '')],
      ['negative.nrrd', edited('big.nrrd', 'spacings: 1.5', 'spacings: -1.5')],
      ['zero.mha', edited('big.mha', /ElementSpacing.*/, 'ElementSpacing = 1 0 1')],
      ['nan.mgh', changed('int16.mgh', (bytes) => bytes.writeFloatBE(NaN, 30))],
    ] as const) {
      const [image] = await readImage(damaged(name, bytes), { spacingMm });
      assert.deepEqual(image?.grid.spacingMm.map(Math.fround), [...spacingMm], name);
    }
    const [turned] = await readImage(join(fixturesFolder, 'formats', 'int16.mha'), { spacingMm });
    assert.deepEqual(
      turned?.grid.spacingMm.map((length) => Math.round(length * 1e9) / 1e9),
      [2, 3, 4],
    );
  });
});
