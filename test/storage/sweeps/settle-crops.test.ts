import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import { encodePng } from '../../../storage/images/picture-files.js';
import { readSweepContentFor } from '../../../storage/sweeps/sweep-content.js';
import { fixturesFolder } from '../../support/paths.js';
import { tinyConfig } from '../../support/sweeps/tiny-config.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

interface Changes {
  readonly models?: readonly string[];
  readonly network?: object;
  readonly paths?: ReadonlyMap<string, string>;
}

/** The crop of a config whose only data set is given. */
async function cropOf(
  test: TestContext,
  dataSet: Readonly<Record<string, unknown>>,
  { models = ['lr', 'unet'], network, paths }: Changes = {},
): Promise<readonly number[] | undefined> {
  const folder = await temporaryFolder(test);
  const path = join(folder, 'config.json');
  const { dataSets: _, ...rest } = tinyConfig({ models });
  const config = { ...rest, dataSets: [{ name: 'own', ...dataSet }], ...(network !== undefined && { network }) };
  await writeFile(path, JSON.stringify(config));
  const { config: settled } = await readSweepContentFor(path, { paths });
  return settled.dataSets[0]?.preprocessing.crop;
}

const hippocampi = { kind: 'decathlon', path: join(fixturesFolder, 'hippocampus'), modalities: ['MRI'] };

describe('crop: auto', () => {
  // The ten images have up to 39, 56 and 43 voxels of 1 mm along x, y and z: 20, 28 and 22 of 2 mm.
  it('holds the largest image along each axis, in sizes that all models take, and is the default', async (test) => {
    assert.deepEqual(await cropOf(test, hippocampi), [27, 54, 27]);
    assert.deepEqual(await cropOf(test, { ...hippocampi, preprocessing: { crop: 'auto' } }), [27, 54, 27]);
    assert.deepEqual(await cropOf(test, hippocampi, { models: ['lr', 'convnet'] }), [21, 30, 24]);
    assert.deepEqual(await cropOf(test, hippocampi, { models: ['lr'] }), [20, 28, 22]);
  });

  it('allows for the margin that networks do not predict, and for another spacing', async (test) => {
    const network = { upsampling: 'valid' };
    assert.deepEqual(await cropOf(test, hippocampi, { network }), [54, 54, 54]);
    const fine = { ...hippocampi, preprocessing: { spacingMm: 1 } };
    assert.deepEqual(await cropOf(test, fine, { models: ['lr'] }), [39, 56, 43]);
    const thick = { ...hippocampi, overrideSpacingMm: [1, 1, 4] };
    assert.deepEqual(await cropOf(test, thick, { models: ['lr'] }), [20, 28, 86]);
  });

  it('is that of the data set that --path names', async (test) => {
    const elsewhere = { ...hippocampi, path: 'nowhere' };
    const paths = new Map([['own', hippocampi.path]]);
    assert.deepEqual(await cropOf(test, elsewhere, { paths }), [27, 54, 27]);
  });

  it('follows the phantom, pictures, and a region of interest', async (test) => {
    const solid = { dimensions: 3, shape: [40, 40, 14], spacingMm: [1, 1, 4], cases: 6, coreRadius: 5 };
    const regions = { regions: 2, regionRadius: 3, probability: 0.6 };
    const phantom = { kind: 'nnunet', modalities: ['T1', 'T2'], phantom: { ...solid, ...regions } };
    assert.deepEqual(await cropOf(test, phantom, { models: ['lr'] }), [20, 20, 28]);
    const flat = { kind: 'folder2d', path: 'pictures', modalities: ['grey'] };
    const folder = await temporaryFolder(test);
    for (const part of ['images', 'masks']) {
      await mkdir(join(folder, part));
      for (const [name, width] of [
        ['a', 30],
        ['b', 41],
      ] as const) {
        const values = new Uint8Array(width * 20).fill(0);
        await writeFile(join(folder, part, `${name}.png`), await encodePng({ width, height: 20, values }));
      }
    }
    const paths = new Map([['own', folder]]);
    assert.deepEqual(await cropOf(test, flat, { models: ['lr'], paths }), [41, 20]);
    const roi = { ...flat, preprocessing: { roi: { sizePixels: 36, downsample: 2 } } };
    assert.deepEqual(await cropOf(test, roi, { paths }), [27, 27]);
  });

  it('leaves a file that cannot be read to the scan, unless no file can be', async (test) => {
    const folder = await temporaryFolder(test);
    for (const part of ['imagesTr', 'labelsTr']) await mkdir(join(folder, part));
    const copy = (from: string, to: string) => copyFile(join(hippocampi.path, from), join(folder, to));
    await writeFile(join(folder, 'imagesTr', 'a_0000.nii.gz'), 'no image');
    await copy('labelsTr/hippocampus_006.nii.gz', 'labelsTr/a.nii.gz');
    const own = { kind: 'nnunet', path: folder, modalities: ['MRI'] };
    await copy('labelsTr/hippocampus_006.nii.gz', 'labelsTr/c.nii.gz');
    await assert.rejects(cropOf(test, own), {
      code: 'DATA_SET_INVALID',
      message:
        /data set own: preprocessing\.crop is auto, but no image in .* tells its size:\n {2}case "c": missing: imagesTr\/c_0000.*\n {2}case "a": .*a_0000\.nii\.gz: it does not begin with a NIfTI header$/,
    });
    await copy('imagesTr/hippocampus_006.nii.gz', 'imagesTr/b_0000.nii.gz');
    await copy('labelsTr/hippocampus_006.nii.gz', 'labelsTr/b.nii.gz');
    assert.deepEqual(await cropOf(test, own, { models: ['lr'] }), [18, 26, 17]);
  });
});
