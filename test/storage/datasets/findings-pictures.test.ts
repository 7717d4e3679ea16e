import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import sharp from 'sharp';

import { encodePng } from '../../../storage/images/picture-files.js';
import { findingsOf } from '../../support/data/findings-of.js';
import { fixture } from '../../support/images/image-files.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const expected = 'images/*.png and masks/*.png (or .jpg, .jpeg, .tif, .tiff)';

describe('what validate finds in a folder of pictures', () => {
  it('is colours, an inverted palette, and pairs in other formats, which are not dropped silently', async (test) => {
    const root = join(await temporaryFolder(test), 'data');
    for (const name of ['images', 'masks']) mkdirSync(join(root, name), { recursive: true });
    copyFileSync(fixture('grey-opaque.png'), join(root, 'images', 'a.png'));
    copyFileSync(fixture('palette-inverted.png'), join(root, 'masks', 'a.png'));
    const red = (index: number): number => (index % 3 === 0 ? 200 : index % 5);
    const raw = { width: 8, height: 6, channels: 3 } as const;
    await sharp(
      Uint8Array.from({ length: 144 }, (_, index) => red(index)),
      { raw },
    )
      .png()
      .toFile(join(root, 'images', 'b.png'));
    const mask = Uint8Array.from({ length: 48 }, (_, index) => (index < 9 ? 255 : 0));
    writeFileSync(join(root, 'masks', 'b.png'), await encodePng({ width: 8, height: 6, values: mask }));
    for (const name of [
      'images/c.bmp',
      'masks/c.gif',
      'images/Thumbs.db',
      'images/b.bmp',
      'masks/b.bmp',
      'images/d.gif',
    ]) {
      writeFileSync(join(root, name), '');
    }
    const dataSet = { kind: 'folder2d', modalities: ['grey'], preprocessing: { crop: [9, 9] } };
    const findings = await findingsOf(root, dataSet);
    assert.deepEqual(
      findings.map((one) => `${one.severity} ${one.case ?? ''}: ${one.message}`),
      [
        'error c: its files c.bmp and c.gif are not PNG, JPEG or TIFF; convert them to PNG',
        `warning : not read: images/d.gif; expected ${expected}`,
        'warning a: its palette is not in the order of brightness; the brightness of the colours is read, not their index, ' +
          'so a mask may be inverted (mask)',
        'warning b: it has colours, of which only the brightness (0.299 R + 0.587 G + 0.114 B) is read (grey)',
      ],
    );
  });
});

/** A folder with pictures of 8×6 grey pixels, by their name, and other files and folders, by their content. */
async function picturesOf(test: TestContext, files: Readonly<Record<string, Uint8Array | 'folder'>>) {
  const root = join(await temporaryFolder(test), 'data');
  for (const [name, values] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(values === 'folder' ? path : dirname(path), { recursive: true });
    if (values === 'folder') continue;
    writeFileSync(path, name.endsWith('.png') ? await encodePng({ width: 8, height: 6, values }) : values);
  }
  return root;
}

const shades = Uint8Array.from({ length: 48 }, (_, index) => index);
const spot = Uint8Array.from({ length: 48 }, (_, index) => (index < 9 ? 255 : 0));
/** A spot whose edges fade over 9 levels. */
const smoothSpot = Uint8Array.from({ length: 48 }, (_, index) =>
  index < 9 ? 255 : index < 18 ? 255 - 20 * (index - 8) : 0,
);

describe('what validate finds in pictures of other sizes', () => {
  it('is their widths and heights, and no remedy for images in mm', async (test) => {
    const root = await picturesOf(test, { 'images/a.png': shades, 'images/b.png': smoothSpot, 'masks/a.png': spot });
    const values = Uint8Array.from({ length: 49 }, (_, index) => (index < 9 ? 255 : 0));
    writeFileSync(join(root, 'masks', 'b.png'), await encodePng({ width: 7, height: 7, values }));
    const dataSet = { kind: 'folder2d', modalities: ['grey'], preprocessing: { crop: [9, 9] } };
    const [finding, ...more] = await findingsOf(root, dataSet);
    assert.deepEqual(more, []);
    assert.equal(
      finding?.message,
      `${join(root, 'masks', 'b.png')} (7 × 7) and ${join(root, 'images', 'b.png')} (8 × 6) differ in width or height, ` +
        'in pixels; an image and its mask must have the same',
    );
  });
});

describe('what validate finds in masks that are pictures', () => {
  const dataSet = { kind: 'folder2d', modalities: ['grey'], preprocessing: { crop: [9, 9] } };

  it('is that their edges are smooth, of which a rule takes a part', async (test) => {
    const files = { 'images/a.png': shades, 'masks/a.png': smoothSpot };
    const found = await findingsOf(await picturesOf(test, files), { ...dataSet, label: { greaterThan: 0 } });
    assert.deepEqual(
      found.map((one) => one.message),
      ['it has 9 values between 0 and 255, as pictures with smooth edges or JPEGs have (mask)'],
    );
  });

  it('is that they have 16 bits and smooth edges', async (test) => {
    const deep = Uint16Array.from(smoothSpot, (value) => 257 * value);
    const root = await picturesOf(test, { 'images/a.png': shades, 'masks/a.png': smoothSpot });
    writeFileSync(join(root, 'masks/a.png'), await encodePng({ width: 8, height: 6, values: deep }));
    const found = await findingsOf(root, { ...dataSet, label: { greaterThan: 0 } });
    assert.deepEqual(
      found.map((one) => one.message),
      ['it has 9 values between 0 and 65535, as pictures with smooth edges or JPEGs have (mask)'],
    );
  });

  it('is that they are JPEGs, whatever their values', async (test) => {
    const root = await picturesOf(test, { 'images/a.png': shades, masks: 'folder' });
    const values = Uint8Array.from(spot, (value, index) => (value === 0 ? index % 2 : 200));
    const mask = sharp(values, { raw: { width: 8, height: 6, channels: 1 } }).toColourspace('b-w');
    await mask.jpeg({ quality: 100 }).toFile(join(root, 'masks/a.jpg'));
    const found = await findingsOf(root, { ...dataSet, label: { greaterThan: 0 } });
    assert.equal(found.length, 1);
    assert.match(
      found[0]?.message ?? '',
      /^it has \d values? between 0 and 20\d, as pictures with smooth edges or JPEGs have/,
    );
  });

  it('is that few grey values lie along all edges, but not that labels do', async (test) => {
    const labelled = async (rows: readonly string[]) => {
      const values = Uint8Array.from(rows.join(''), (digit) => [0, 85, 170, 255][Number(digit)] ?? 0);
      const root = await picturesOf(test, { 'images/a.png': shades, 'masks/a.png': values });
      const found = await findingsOf(root, { ...dataSet, label: { greaterThan: 0 } });
      return found.map((one) => one.message);
    };
    assert.deepEqual(await labelled(['00000000', '00121000', '01333100', '02333200', '01232100', '00000000']), [
      'it has 2 values between 0 and 255, as pictures with smooth edges or JPEGs have (mask)',
    ]);
    assert.deepEqual(await labelled(['00000000', '00111000', '01111300', '01113300', '00111000', '00000000']), []);
  });

  it('is that cases share one', async (test) => {
    const other = shades.map((value) => value * 2);
    const files = { 'images/a.png': shades, 'masks/a.png': spot, 'images/b.png': other, 'masks/b.png': spot };
    assert.deepEqual(await findingsOf(await picturesOf(test, files), dataSet), [
      { severity: 'warning', message: 'the masks of 2 cases are identical (a, b)' },
    ]);
  });

  it('is that pairs have other formats, or lie in folders of their own', async (test) => {
    const root = await picturesOf(test, {
      ...{ 'images/a.png': shades, 'masks/a.png': spot, 'images/notes.txt': spot },
      ...{ 'images/b.nii.gz': spot, 'masks/b.nii.gz': spot, 'images/c.pgm': spot, 'masks/c.pgm': spot },
      ...{ 'images/d': 'folder', 'masks/d': 'folder', 'images/old': 'folder', 'masks/e.nii': spot },
    });
    const found = await findingsOf(root, dataSet);
    assert.deepEqual(
      found.map((one) => `${one.severity} ${one.case ?? ''}: ${one.message}`),
      [
        'error b: its files b.nii.gz and b.nii.gz are not PNG, JPEG or TIFF; kind: nnunet reads 3D images',
        'error c: its files c.pgm and c.pgm are not PNG, JPEG or TIFF; convert them to PNG',
        'error d: images/d and masks/d are folders; put the pictures directly into images/ and masks/',
        `warning : not read: images/old, masks/e.nii; expected ${expected}`,
      ],
    );
  });
});

describe('what validate finds in pictures', () => {
  it('is that their bit depths differ, and so the scales of their values', async (test) => {
    const other = shades.map((value) => value * 2);
    const root = await picturesOf(test, {
      ...{ 'images/a.png': shades, 'masks/a.png': spot, 'images/b.png': other, 'masks/b.png': smoothSpot },
      ...{ 'images/c.png': spot, 'masks/c.png': spot.toReversed() },
    });
    const deep = Uint16Array.from(shades, (value) => 300 * value);
    writeFileSync(join(root, 'images/b.png'), await encodePng({ width: 8, height: 6, values: deep }));
    const dataSet = { kind: 'folder2d', modalities: ['grey'], preprocessing: { crop: [9, 9] } };
    const found = await findingsOf(root, { ...dataSet, label: { greaterThan: 127 } });
    assert.deepEqual(
      found.filter((one) => one.case === undefined),
      [
        {
          severity: 'warning',
          message:
            'pictures of grey have 8 bits (a, c) and 16 bits (b), so their values have different scales; save all with one depth',
        },
      ],
    );
  });
});

describe('what validate finds in the description of an nnU-Net data set', () => {
  it('is that cases are missing, or that one picture stands for several modalities', async (test) => {
    const root = await picturesOf(test, { 'imagesTr/a_0000.png': shades, 'labelsTr/a.png': spot });
    const description = { channel_names: { 0: 'R', 1: 'G', 2: 'B' }, file_ending: '.png', numTraining: 1 };
    const write = (more: object): void => {
      writeFileSync(join(root, 'dataset.json'), JSON.stringify({ ...description, ...more }));
    };
    const dataSet = { kind: 'nnunet', preprocessing: { crop: [9, 9] } };
    write({});
    const three = await findingsOf(root, { ...dataSet, modalities: ['R', 'G', 'B'] });
    assert.equal(
      three[0]?.message,
      'it has one picture for all modalities; list one modality, which is its brightness',
    );
    assert.deepEqual(await findingsOf(root, { ...dataSet, modalities: ['R'] }), []);
    write({ numTraining: 7 });
    assert.deepEqual(await findingsOf(root, { ...dataSet, modalities: ['R'] }), [
      { severity: 'warning', message: 'dataset.json declares 7 training cases, but there are 1 (a)' },
    ]);
  });
});
