import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { readOneImage } from '../../../storage/images/image-files.js';
import { inspectFile } from '../../../storage/images/inspect-file.js';
import { damaged, refusal } from '../../support/images/image-files.js';
import { largestDifference } from '../../support/images/image-fixtures.js';
import { fixturesFolder } from '../../support/paths.js';

interface Reference {
  readonly width: number;
  readonly height: number;
  readonly values: readonly number[];
}

const tiffs = join(fixturesFolder, 'tiff');
const references = JSON.parse(readFileSync(join(tiffs, 'tiff.json'), 'utf8')) as Record<string, Reference>;
const good = (name: string): Buffer => readFileSync(join(tiffs, name));

describe('TIFF files that tifffile has read (test/fixtures/tiff/make.py)', () => {
  for (const [name, { width, height, values }] of Object.entries(references)) {
    it(`${name} has the stored grey values`, async () => {
      const image = await readOneImage(join(tiffs, name));
      assert.deepEqual(image.grid.shape, [width, height, 1]);
      // Grey is exact; the luma of colours is rounded to single precision.
      const tolerance = image.values instanceof Float32Array ? 0.004 : 0;
      assert.ok(largestDifference(image.values, values) <= tolerance, [...image.values].join());
    });
  }

  it('inspect shows their depth', async () => {
    assert.equal((await inspectFile(join(tiffs, 'lzw.tif'))).dataType, 'uint16');
    assert.equal((await inspectFile(join(tiffs, 'deflate.tif'))).dataType, 'uint8');
  });
});

describe('TIFF files are refused', () => {
  const grey = good('grey8.tif');
  const withoutPhotometric = Buffer.from(grey);
  // Entries are 12 bytes; the tag 262 of type SHORT becomes an unknown tag.
  const at = withoutPhotometric.indexOf(Buffer.of(6, 1, 3, 0, 1, 0, 0, 0));
  withoutPhotometric.writeUInt16LE(261, at);
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['with white as 0', good('white-is-zero.tif'), /stores white as 0 .* save it with black as 0/],
    ['with masks of bits whose white is 0', good('bits.tif'), /stores white as 0/],
    ['with a palette', good('palette.tif'), /numbers of a palette; save it as grey or RGB/],
    ['with several pages', good('pages.tif'), /2 pages; expected one/],
    ['with floating-point samples', good('float.tif'), /unsupported sample type float/],
    ['with signed samples', good('signed.tif'), /unsupported sample type short/],
    ['with samples of 32 bits', good('wide.tif'), /unsupported sample type uint/],
    ['stored rotated', good('turned.tif'), /stored rotated/],
    ['with transparent pixels', good('transparent.tif'), /transparent pixels/],
    ['with transparent grey pixels', good('grey-alpha.tif'), /transparent pixels/],
    ['with a second sample of no known meaning', good('two-samples.tif'), /transparent pixels/],
    ['with two samples beside a colour', good('five-samples.tif'), /it has 5 samples per pixel; expected grey or RGB/],
    ['with two samples beside grey', good('three-samples.tif'), /it has 3 samples per pixel; expected grey or RGB/],
    ['cut off', good('grey16.tif').subarray(0, -8), /cannot decode the picture/],
    ['that do not say what their samples mean', withoutPhotometric, /no photometric|cannot decode/],
    [
      'whose directory lies beyond the end',
      Buffer.concat([grey.subarray(0, 4), Buffer.alloc(12, 99)]),
      /cannot decode/,
    ],
    ['that are empty', Buffer.alloc(0), /empty/],
  ];
  for (const [name, bytes, reason] of cases) {
    it(name, async () => {
      const error = await refusal(damaged('damaged.tif', bytes));
      assert.equal(error.code, 'FILE_FORMAT_INVALID');
      assert.match(error.message, reason);
    });
  }

  it('and other pictures named .tif never reach a decoder', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
    );
    assert.match((await refusal(damaged('drawing.tif', svg))).message, /is not PNG, JPEG or TIFF but an SVG drawing/);
  });
});
