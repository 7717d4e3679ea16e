import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import sharp from 'sharp';

import { encodeGreyPng } from '../../../storage/images/encode-png.js';

describe('encodeGreyPng', () => {
  it('keeps every pixel, in one grey channel', async () => {
    const size = { width: 256, height: 3 };
    const pixels = Uint8Array.from({ length: 768 }, (_, index) => (index * 7) % 256);
    const png = await encodeGreyPng(pixels, size);
    const { data, info } = await sharp(png).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height, info.channels], [256, 3, 1]);
    assert.deepEqual(new Uint8Array(data), pixels);
    // IHDR: bit depth 8, colour type 0 (grey).
    assert.deepEqual([...png.subarray(24, 26)], [8, 0]);
    assert.deepEqual(await encodeGreyPng(pixels, size), png);
  });

  it('makes pictures smaller whose longer side has more than 320 pixels, and keeps their grey', async () => {
    const png = await encodeGreyPng(new Uint8Array(640 * 200).fill(99), { width: 640, height: 200 });
    const { data, info } = await sharp(png).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height], [320, 100]);
    assert.deepEqual(new Set(data), new Set([99]));
  });
});
