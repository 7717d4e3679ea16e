import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import sharp from 'sharp';

import { readOneImage } from '../../../storage/images/image-files.js';
import { damaged, fixture, refusal } from '../../support/images/image-files.js';

/** What a user is told of a file that can be read. */
async function remarksOn(path: string): Promise<string[]> {
  const remarks: string[] = [];
  await readOneImage(path, { onRemark: (remark) => remarks.push(remark) });
  return remarks;
}

describe('pictures with alpha', () => {
  // test/fixtures/images/make_alpha.py made them. In grey-key.png a grey value is declared transparent.
  for (const name of ['grey-alpha.png', 'grey-key.png', 'transparent.png']) {
    it(`are refused where a pixel is transparent: ${name}`, async () => {
      const error = await refusal(fixture(name));
      assert.equal(error.code, 'FILE_FORMAT_INVALID');
      assert.match(error.message, /has transparent pixels/);
    });
  }

  it('are refused with 16 bits of grey and of colour', async () => {
    for (const channels of [2, 4] as const) {
      const raw = { width: 2, height: 1, channels };
      const samples = Uint16Array.from({ length: 2 * channels }, (_, index) => 1000 + index);
      const bytes = await sharp(samples, { raw })
        .toColourspace(channels === 2 ? 'grey16' : 'rgb16')
        .png()
        .toBuffer();
      assert.match((await refusal(damaged(`deep-${channels}.png`, bytes))).message, /has transparent pixels/);
    }
  });

  it('are read where every pixel is opaque', async () => {
    const { values } = await readOneImage(fixture('grey-opaque.png'));
    assert.deepEqual([...new Set(values)].sort(), [100, 101]);
    assert.equal(values.filter((value) => value === 101).length, 8);
  });
});

describe('other files that are named like a picture', () => {
  const small = { create: { width: 3, height: 2, channels: 3, background: '#102030' } } as const;
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="9000"/>';
  const files: readonly (readonly [string, () => Promise<Buffer> | Buffer, RegExp])[] = [
    [
      'drawing.png',
      () => Buffer.from(`<?xml version="1.0"?>\n${svg}`),
      /it is not PNG, JPEG or TIFF but an SVG drawing$/,
    ],
    ['web.jpg', () => sharp(small).webp().toBuffer(), /but a WebP picture$/],
    ['animation.png', () => sharp(small).gif().toBuffer(), /but a GIF picture$/],
    ['scan.png', () => sharp(small).tiff().toBuffer(), /it is a TIFF picture, but its name does not end in \.tif$/],
    [
      'pointer.png',
      () => Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'),
      /Git LFS.*git lfs pull/,
    ],
    [
      'login.jpg',
      () => Buffer.from('\n<!DOCTYPE html><html><body>Please sign in'),
      /an HTML page; the download failed/,
    ],
  ];
  for (const [name, bytes, reason] of files) {
    it(`never reach a decoder, and are named for what they are: ${name}`, async () => {
      const error = await refusal(damaged(name, await bytes()));
      assert.equal(error.code, 'FILE_FORMAT_INVALID');
      assert.match(error.message, reason);
    });
  }

  it('are refused by their bytes even if their name has brackets, so that libvips sees them as a buffer', async () => {
    assert.match((await refusal(damaged('drawing[1].png', Buffer.from(svg)))).message, /but an SVG drawing$/);
    assert.match((await refusal(damaged('text[1].png', Buffer.from('hello')))).message, /it is not PNG, JPEG or TIFF$/);
  });

  it('cannot be decoded from a path in this process', async () => {
    await assert.rejects(sharp(damaged('again.png', Buffer.from(svg))).metadata(), /unsupported image format/);
  });

  it('are damaged JPEGs, whose error is one line', async () => {
    const bytes = readFileSync(fixture('smooth.jpg'));
    const scan = bytes.indexOf(Buffer.from([0xff, 0xda]));
    bytes.fill(0xff, scan + 20, scan + 60);
    const { message } = await refusal(damaged('burnt.jpg', bytes));
    assert.match(message, /cannot decode the picture/);
    assert.doesNotMatch(message, /\n/);
  });
});

describe('what a user is told of a picture', () => {
  it('is nothing where all is as usual, even if grey is stored as RGB', async () => {
    for (const name of ['grey8.png', 'grey16.png', 'bits.png', 'smooth.jpg', 'grey-as-colour.png', 'palette.png']) {
      assert.deepEqual(await remarksOn(fixture(name)), [], name);
    }
  });

  it('is that colours become brightness', async () => {
    assert.deepEqual(await remarksOn(fixture('colour.png')), [
      'it has colours, of which only the brightness (0.299 R + 0.587 G + 0.114 B) is read',
    ]);
  });

  it('is that a palette is not in the order of brightness, so that a mask may be inverted', async () => {
    assert.deepEqual(await remarksOn(fixture('palette-inverted.png')), [
      'its palette is not in the order of brightness; the brightness of the colours is read, not their index, so a mask ' +
        'may be inverted',
    ]);
  });

  it('is that a JPEG is named .png, and the other way round', async () => {
    const jpeg = damaged('really-a-jpeg.png', readFileSync(fixture('smooth.jpg')));
    assert.deepEqual(await remarksOn(jpeg), [
      'it is a JPEG, whose values are not exact, although its name ends differently',
    ]);
    const png = damaged('really-a-png.jpeg', readFileSync(fixture('grey8.png')));
    assert.deepEqual(await remarksOn(png), ['it is a PNG, although its name ends differently']);
  });
});

describe('an animated PNG', () => {
  it('is refused, instead of read as its first frame', async () => {
    const png = await sharp({ create: { width: 3, height: 2, channels: 3, background: '#102030' } })
      .png()
      .toBuffer();
    // The chunk acTL (PNG, third edition, 11.3.2.1): 8 bytes, 3 frames that repeat for ever, and zlib.crc32 in Python. It is
    // between IHDR, which ends at byte 33, and IDAT.
    const chunk = Buffer.from('00000008' + '6163544c' + '0000000300000000' + 'ceedbac0', 'hex');
    const bytes = Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
    assert.match(
      (await refusal(damaged('animated.png', bytes))).message,
      /animated\.png: it is an animation \(APNG\) of 3 frames; expected one picture$/,
    );
  });
});
