import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { readImage } from '../../../storage/images/image-files.js';
import { inspectFile } from '../../../storage/images/inspect-file.js';
import { damaged, folder, refusal } from '../../support/images/image-files.js';
import { largestDifference } from '../../support/images/image-fixtures.js';
import { fixturesFolder } from '../../support/paths.js';

const formats = join(fixturesFolder, 'formats');

/** The header with a text replaced, in a file of this name; without a pattern to find, the test would test nothing. */
function edited(name: string, from: string | RegExp, to: string, newName = `edited-${name}`): string {
  const text = readFileSync(join(formats, name), 'latin1');
  const result = text.replace(from, to);
  assert.notEqual(result, text, `${name} has no ${String(from)}`);
  return damaged(newName, Buffer.from(result, 'latin1'));
}

describe('images whose voxels are in a second file', () => {
  // make_detached.py made each from the other by SimpleITK.
  for (const [name, source] of [
    ['int16-raw.mhd', 'int16.mha'],
    ['float32-packed.mhd', 'float32.mha'],
    ['uint16-raw.nhdr', 'uint16.nrrd'],
    ['vector-packed.nhdr', 'vector.nrrd'],
  ] as const) {
    it(`${name} is ${source}`, async () => {
      const images = await readImage(join(formats, name));
      const sources = await readImage(join(formats, source));
      assert.deepEqual(
        images.map(({ values }) => values),
        sources.map(({ values }) => values),
      );
      for (const [index, { grid }] of sources.entries()) {
        const { shape, affine } = images[index]?.grid ?? assert.fail();
        assert.deepEqual(shape, grid.shape);
        // SimpleITK divides NRRD's directions by the spacing and multiplies them again.
        assert.ok(largestDifference(affine.flat(), grid.affine.flat()) < 1e-12);
      }
      const described = async (file: string): Promise<unknown> => {
        const { shape, dataType, min, max, mean } = await inspectFile(join(formats, file));
        return { shape, dataType, min, max, mean };
      };
      assert.deepEqual(await described(name), await described(source));
    });
  }

  it('may be named in UTF-8 by the last line, with or without its end', async () => {
    const voxels = readFileSync(join(formats, 'int16-raw.raw'));
    writeFileSync(join(folder, 'größe 1.raw'), voxels);
    const name = Buffer.from('größe 1.raw').toString('latin1');
    for (const [header, from] of [
      ['int16-raw.mhd', 'int16-raw.raw\n'],
      ['uint16-raw.nhdr', /uint16-raw\.raw\n[^]*/],
    ] as const) {
      for (const end of ['', '\n', '\r\n']) {
        const [image] = await readImage(edited(header, from, name + end));
        const { values } = image ?? assert.fail();
        assert.deepEqual(Buffer.from(values.buffer, values.byteOffset, 48), voxels);
      }
    }
  });

  const mhd = 'int16-raw.mhd';
  const nhdr = 'uint16-raw.nhdr';
  for (const [what, path, message] of [
    ['a path', edited(mhd, 'int16-raw.raw', '../secret.raw', 'a.mhd'), /in \.\.\/secret\.raw; expected one file in/],
    ['an absolute path', edited(nhdr, 'uint16-raw.raw', '/etc/passwd', 'b.nhdr'), /in \/etc\/passwd; expected one/],
    ['a path of Windows', edited(mhd, 'int16-raw.raw', 'C:\\x.raw', 'c.mhd'), /in C:\\x\.raw; expected one file/],
    ['the folder itself', edited(mhd, 'int16-raw.raw', '..', 'd.mhd'), /in \.\.; expected one file/],
    ['a list', edited(mhd, 'int16-raw.raw', 'LIST', 'e.mhd'), /in LIST; expected one file/],
    ['a list of planes', edited(nhdr, 'uint16-raw.raw', 'LIST 2', 'f.nhdr'), /in LIST 2; expected one file/],
    ['a pattern', edited(nhdr, 'uint16-raw.raw', 's%03d.raw 1 2 1', 'g.nhdr'), /in s%03d\.raw 1 2 1; expected one/],
    ['bytes before the voxels', edited(mhd, 'NDims', 'HeaderSize = -1\nNDims', 'h.mhd'), /HeaderSize is not 0/],
    [
      'another ending',
      edited(mhd, 'ObjectType = Image', 'ObjectType  = Image', 'i.mha'),
      /so its name must end in \.mhd/,
    ],
    ['another ending of NRRD', edited(nhdr, 'type: ', 'type:  ', 'j.nrrd'), /so its name must end in \.nhdr/],
  ] as const) {
    it(`are refused: ${what}`, async () => {
      assert.match((await refusal(path)).message, message);
    });
  }

  it('must be there, and as long as the header says', async () => {
    const rejects = (path: string, message: RegExp): Promise<void> =>
      assert.rejects(readImage(path), (error: Error) => {
        assert.match(error.message, message);
        return true;
      });
    await rejects(edited(mhd, 'int16-raw.raw', 'nowhere.raw'), /nowhere\.raw: there is no such file/);
    writeFileSync(join(folder, 'short.raw'), new Uint8Array(47));
    await rejects(edited(mhd, 'int16-raw.raw', 'short.raw'), /short\.raw: the header declares 48 bytes, but .* 47/);
    writeFileSync(join(folder, 'long.raw'), new Uint8Array(49).fill(1));
    await rejects(edited(nhdr, 'uint16-raw.raw', 'long.raw'), /long\.raw: unexpected data after the voxels/);
    copyFileSync(join(formats, 'float32-packed.zraw'), join(folder, 'packed.zraw'));
    const other = /CompressedDataSize = \d+([^]*)float32-packed\.zraw/;
    await rejects(
      edited('float32-packed.mhd', other, 'CompressedDataSize = 9$1packed.zraw'),
      /packed\.zraw: the header declares 9 compressed bytes, but there are \d\d/,
    );
  });
});
