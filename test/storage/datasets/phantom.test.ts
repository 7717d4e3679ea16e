import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { drawPhantom } from '../../../domain/phantom/draw-phantom.js';
import type { PhantomSettings } from '../../../domain/phantom/phantom-settings.js';
import { findCases } from '../../../storage/datasets/layouts/index.js';
import { writePhantom } from '../../../storage/datasets/write-phantom.js';
import { readOneImage } from '../../../storage/images/image-files.js';
import { largestDifference } from '../../support/images/image-fixtures.js';

const top = mkdtempSync(join(tmpdir(), 'volbias-phantom-'));
after(() => {
  rmSync(top, { recursive: true });
});

const flat: PhantomSettings = {
  dimensions: 2,
  cases: 3,
  shape: [48, 40],
  spacingMm: [1, 1, 1],
  bitDepth: 8,
  coreRadius: 6,
  regions: 2,
  regionRadius: 4,
  probability: 0.5,
  noise: 0.05,
};
const deep: PhantomSettings = { ...flat, dimensions: 3, shape: [32, 30, 10], spacingMm: [1, 1, 4], regionRadius: 5 };
const stream = { seed: 3, name: 'p' };

/** The path below the root and the digest of every file. */
function contents(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(root, name)).isFile())
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(root, name)))
          .digest('hex')}`,
    );
}

describe('writePhantom', () => {
  for (const bitDepth of [8, 16] as const) {
    it(`writes 2D phantoms of ${bitDepth} bits that the folder layout finds, with the pixels as drawn`, async () => {
      const root = join(top, `flat-${bitDepth}`);
      await writePhantom(root, { ...flat, bitDepth }, stream);
      const cases = await findCases('folder2d', root, { modalities: ['grey'] });
      assert.deepEqual(
        cases.map(({ id }) => id),
        ['phantom-0001', 'phantom-0002', 'phantom-0003'],
      );
      for (const [caseIndex, { images, label }] of cases.entries()) {
        const drawn = drawPhantom(flat, { ...stream, caseIndex });
        const image = await readOneImage(images[0]?.path ?? '');
        const full = 2 ** bitDepth - 1;
        const intensities = Array.from(image.values, (grey) => (4 * (grey / full) - 1) / 2);
        // Half a step of grey; noise never reaches the ends of the range.
        assert.ok(largestDifference(intensities, drawn.images[0]?.values ?? []) <= 1.001 / full);
        const mask = await readOneImage(label);
        assert.deepEqual(
          mask.values,
          drawn.label.map((value) => 255 * value),
        );
        assert.deepEqual(mask.grid.shape, [48, 40, 1]);
      }
    });
  }

  it('writes 3D phantoms that the nnU-Net layout finds, with the voxels as drawn', async () => {
    const root = join(top, 'deep');
    await writePhantom(root, deep, stream);
    const cases = await findCases('nnunet', root, { modalities: ['T2', 'T1'] });
    assert.equal(cases.length, 3);
    for (const [caseIndex, { images, label }] of cases.entries()) {
      const drawn = drawPhantom(deep, { ...stream, caseIndex });
      for (const { modality, path } of images) {
        const image = await readOneImage(path);
        assert.deepEqual(image.grid, drawn.grid);
        assert.deepEqual(image.values, drawn.images.find((one) => one.modality === modality)?.values);
      }
      assert.deepEqual((await readOneImage(label)).values, drawn.label);
    }
  });

  it('writes the same bytes every time', async () => {
    for (const settings of [flat, deep]) {
      const [first, second] = [join(top, `first-${settings.dimensions}`), join(top, `second-${settings.dimensions}`)];
      await writePhantom(first, settings, stream);
      await writePhantom(second, settings, stream);
      assert.deepEqual(contents(first), contents(second));
    }
  });

  it('keeps an existing folder, replaces one with other settings, and leaves no temporary folder', async () => {
    const root = join(top, 'kept');
    await writePhantom(root, flat, stream);
    const before = statSync(root).ino;
    await writePhantom(root, flat, stream);
    assert.equal(statSync(root).ino, before);
    await writePhantom(root, { ...flat, cases: 2 }, stream);
    assert.equal((await findCases('folder2d', root, { modalities: ['grey'] })).length, 2);
    assert.deepEqual(
      readdirSync(top).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('leaves one complete folder if two writers run at once', async () => {
    const root = join(top, 'twice');
    await Promise.all([writePhantom(root, flat, stream), writePhantom(root, flat, stream)]);
    assert.equal((await findCases('folder2d', root, { modalities: ['grey'] })).length, 3);
    assert.deepEqual(
      readdirSync(top).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('does not touch a folder that it has not made', async () => {
    const root = join(top, 'precious');
    mkdirSync(root);
    writeFileSync(join(root, 'thesis.txt'), 'mine');
    await assert.rejects(writePhantom(root, flat, stream), { code: 'DATA_SET_INVALID' });
    assert.deepEqual(readdirSync(root), ['thesis.txt']);
  });
});
