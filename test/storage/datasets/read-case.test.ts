import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { encodeNifti } from '../../../domain/formats/encode-nifti.js';
import { checkDataSets } from '../../../storage/datasets/check-data-sets.js';
import { readImage } from '../../../storage/images/image-files.js';
import { gridOf } from '../../support/images/image-fixtures.js';
import { configOf, prepareDataSet } from '../../support/data/prepare-data-set.js';

const top = mkdtempSync(join(tmpdir(), 'volbias-read-case-'));
after(() => {
  rmSync(top, { recursive: true });
});
let folders = 0;

const shape = [4, 4, 4] as const;
const box = Uint8Array.from({ length: 64 }, (_, index) => (index % 4 < 2 ? 1 : 0));
const ramp = Float32Array.from({ length: 64 }, (_, index) => index);

/** Writes these cases, given as bytes of image and mask, in nnU-Net's layout. */
function nnunet(cases: Readonly<Record<string, { readonly image?: Uint8Array; readonly label?: Uint8Array }>>): string {
  const root = join(top, String(folders++));
  mkdirSync(join(root, 'imagesTr'), { recursive: true });
  mkdirSync(join(root, 'labelsTr'));
  const grid = gridOf(shape);
  for (const [id, { image, label }] of Object.entries(cases)) {
    writeFileSync(join(root, 'imagesTr', `${id}_0000.nii`), image ?? encodeNifti({ grid, values: ramp }));
    writeFileSync(join(root, 'labelsTr', `${id}.nii`), label ?? encodeNifti({ grid, values: box }));
  }
  return root;
}

const withNaN = encodeNifti({
  grid: gridOf(shape),
  values: ramp.map((value, at) => (at < 3 ? ([NaN, Infinity, -Infinity][at] ?? 0) : value)),
});
const otherPlace = encodeNifti({ grid: gridOf(shape, [1, 1, 2]), values: box });
const cutOff = encodeNifti({ grid: gridOf(shape), values: ramp }).subarray(0, 400);

const dataSetAt = (path: string, more: object = {}): Record<string, unknown> => ({
  kind: 'nnunet',
  path,
  modalities: ['T1'],
  preprocessing: { crop: [4, 4, 4], spacingMm: 1 },
  ...more,
});

describe('modalities on different grids', () => {
  it('are refused with the setting that helps, or interpolated onto the first one and listed', async () => {
    const root = nnunet({ a: {} });
    const finer = { grid: gridOf([4, 4, 4], [1, 1, 0.5]), values: ramp };
    writeFileSync(join(root, 'imagesTr', 'a_0001.nii'), encodeNifti(finer));
    const two = (align: object) =>
      dataSetAt(root, { modalities: ['T1', 'T2'], preprocessing: { crop: [4, 4, 4], spacingMm: 1, ...align } });
    await assert.rejects(prepareDataSet(join(top, 'apart'), two({})), /preprocessing\.align: toFirst interpolates/);
    const { statistics } = await prepareDataSet(join(top, 'together'), two({ align: 'toFirst' }));
    // Slices at 0, 0.5, 1 and 1.5 mm reach to 1.75 mm: two of the first image's four slices of 1 mm.
    assert.deepEqual(statistics.cases[0]?.quality.aligned, [{ modality: 'T2', outsideVoxels: 32 }]);
  });
});

describe('faulty cases', () => {
  const cases = { good: {}, nan: { image: withNaN }, place: { label: otherPlace }, short: { image: cutOff } };

  it('are all named before a sweep stops', async () => {
    await assert.rejects(prepareDataSet(join(top, 'stop'), dataSetAt(nnunet(cases))), (error: Error) => {
      assert.match(error.message, /case "nan": .*nan_0000\.nii: 1 voxel is NaN and 2 are infinite/);
      assert.match(error.message, /case "place": .*labelsTr\/place\.nii .*place_0000\.nii .*do not share the same/);
      assert.match(error.message, /case "short": .*declares 608 bytes/);
      assert.match(error.message, /\nonInvalidCase: exclude in the data set leaves faulty cases out, and names them$/);
      return !error.message.includes('"good"');
    });
  });

  it('are all named before a sweep starts, including those with missing files', async () => {
    const root = nnunet(cases);
    rmSync(join(root, 'labelsTr', 'nan.nii'));
    const config = configOf(dataSetAt(root));
    const read: number[] = [];
    await assert.rejects(
      checkDataSets({ config, importedFolds: null }, { own: { root } }, (count) => read.push(count)),
      (error: Error) => {
        assert.match(error.message, /3 cases are faulty/);
        assert.match(error.message, /case "nan": missing/);
        assert.match(error.message, /case "place": .*do not share the same/);
        assert.match(error.message, /case "short": .*declares 608 bytes/);
        assert.match(
          error.message,
          /\nonInvalidCase: exclude in the data set leaves faulty cases out, and names them$/,
        );
        return true;
      },
    );
    assert.deepEqual(read, [3]);
  });

  it('include both of two cases with the same id, because either could be meant', async () => {
    const root = nnunet({ good: {}, twice: {}, other: {} });
    const row = (id: string, from: string): string => `${id},imagesTr/${from}_0000.nii,labelsTr/${from}.nii`;
    const rows = [row('good', 'good'), row('twice', 'twice'), row('twice', 'other')];
    writeFileSync(join(root, 'manifest.csv'), ['case,T1,label', ...rows].join('\n'));
    const dataSet = dataSetAt(root, { kind: 'manifest', onInvalidCase: 'exclude' });
    const { scan, statistics } = await prepareDataSet(join(top, 'twice'), dataSet);
    assert.deepEqual(
      statistics.cases.map(({ id }) => id),
      ['good'],
    );
    assert.match(scan.excluded?.[0]?.reason ?? '', /found twice/);
  });

  it('are excluded on request, and reported with the reason, but without the path of the folder', async () => {
    const root = nnunet(cases);
    rmSync(join(root, 'labelsTr', 'nan.nii'));
    const excluding = dataSetAt(root, { onInvalidCase: 'exclude' });
    const { scan, preprocess, statistics } = await prepareDataSet(join(top, 'out'), excluding);
    assert.deepEqual(
      scan.excluded?.map(({ id }) => id),
      ['nan'],
    );
    // Trainings depend on the statistics, which contain only the ids, so rewording a reason retrains nothing.
    assert.deepEqual(statistics.excluded, ['nan', 'place', 'short']);
    assert.deepEqual(
      statistics.cases.map(({ id }) => id),
      ['good'],
    );
    assert.deepEqual(
      [...(scan.excluded ?? []), ...(preprocess.excluded ?? [])].map(({ id, reason }) => [id, reason.slice(0, 30)]),
      [
        ['nan', 'missing: labelsTr/nan (.nii.gz'],
        ['place', 'labelsTr/place.nii (4×4×4, spa'],
        ['short', 'imagesTr/short_0000.nii: the h'],
      ],
    );
    assert.ok(!JSON.stringify(statistics).includes(root));
  });

  it('are an error if no case is left', async () => {
    const dataSet = dataSetAt(nnunet({ short: { image: cutOff } }), { onInvalidCase: 'exclude' });
    await assert.rejects(prepareDataSet(join(top, 'none'), dataSet), /no case is left: 1 faulty.*case "short"/);
  });
});

describe('a 4-D image', () => {
  it('is an error that names the case if 3-D images are expected', async () => {
    const grid = gridOf(shape);
    const image = encodeNifti({ grid, values: [new Float32Array(64), new Float32Array(64)] });
    const dataSet = dataSetAt(nnunet({ four: { image } }));
    await assert.rejects(
      prepareDataSet(join(top, 'four'), dataSet),
      /case "four": .*expected one image, but the file has 2; of images, the setting volume selects one/,
    );
  });

  it('is the volume that the config selects, whose choice is in the key', async () => {
    const image = encodeNifti({ grid: gridOf(shape), values: [ramp, ramp.map((value) => 10 * value)] });
    const root = nnunet({ four: { image } });
    for (const [volume, factor] of [
      [0, 1],
      [1, 10],
    ] as const) {
      const prepared = await prepareDataSet(join(top, 'volume'), dataSetAt(root, { volume }));
      assert.deepEqual([...((await prepared.voxels('four')).images[0] ?? []).slice(0, 3)], [0, factor, 2 * factor]);
    }
    await assert.rejects(prepareDataSet(join(top, 'volume'), dataSetAt(root, { volume: 2 })), /channel 2 requested/);
  });

  it('is whole if it is 3D, beside a modality that is 4D', async () => {
    const image = encodeNifti({ grid: gridOf(shape), values: [ramp, ramp.map((value) => 10 * value)] });
    const root = nnunet({ both: { image } });
    writeFileSync(join(root, 'imagesTr', 'both_0001.nii'), encodeNifti({ grid: gridOf(shape), values: ramp }));
    const dataSet = dataSetAt(root, { modalities: ['DWI', 'T1'], volume: 1 });
    const prepared = await prepareDataSet(join(top, 'both'), dataSet);
    const { images } = await prepared.voxels('both');
    assert.deepEqual([images[0]?.[1], images[1]?.[1]], [10, 1]);
  });
});

describe('NaN and infinite voxels', () => {
  it('become 0 and are counted if the config says so', async () => {
    const dataSet = dataSetAt(nnunet({ nan: { image: withNaN }, good: {} }), { nonFinite: 'zero' });
    const prepared = await prepareDataSet(join(top, 'zero'), dataSet);
    assert.deepEqual(
      prepared.statistics.cases.map(({ quality }) => quality.nonFiniteVoxels),
      [undefined, 3],
    );
    assert.deepEqual([...((await prepared.voxels('nan')).images[0] ?? []).slice(0, 5)], [0, 0, 0, 3, 4]);
  });
});

describe('a spacing that the config overrides', () => {
  /** pixdim and sform are at bytes 80 and 280. */
  const broken = (pixdim: number): Uint8Array => {
    const bytes = Buffer.from(encodeNifti({ grid: gridOf(shape), values: ramp }));
    bytes.writeFloatLE(pixdim, 80);
    return bytes;
  };

  for (const [what, pixdim] of [
    ['0', 0],
    ['NaN', NaN],
    ['negative', -1],
    ['not the affine’s', 3],
  ] as const) {
    it(`replaces one that is ${what}, which is an error otherwise`, async () => {
      const label = encodeNifti({ grid: gridOf(shape), values: box });
      const root = nnunet({ a: { image: broken(pixdim), label } });
      const settings = { preprocessing: { crop: [8, 8, 8], spacingMm: 2 } };
      await assert.rejects(
        prepareDataSet(join(top, `kept-${what}`), dataSetAt(root, settings)),
        /a_0000\.nii: .*spacing/,
      );
      const overridden = dataSetAt(root, { ...settings, overrideSpacingMm: [2, 2, 4] });
      const prepared = await prepareDataSet(join(top, `over-${what}`), overridden);
      const { grid } = await prepared.voxels('a');
      assert.deepEqual(grid.shape, [4, 4, 8]);
      // 32 voxels of 16 mm³.
      assert.ok(Math.abs((prepared.statistics.cases[0]?.quality.volumeBefore ?? 0) - 0.512) < 1e-9);
    });
  }

  it('keeps directions and origin', async () => {
    const affine = [
      [0, -1, 0, 5],
      [1, 0, 0, -7],
      [0, 0, 1, 3],
    ] as const;
    const path = join(top, 'turned.nii');
    writeFileSync(path, encodeNifti({ grid: gridOf(shape, [1, 1, 1], affine), values: ramp }));
    const [image] = await readImage(path, { spacingMm: [2, 3, 4] });
    assert.deepEqual(image?.grid.affine, [
      [0, -3, 0, 5],
      [2, 0, 0, -7],
      [0, 0, 4, 3],
    ]);
    assert.deepEqual(image.grid.spacingMm, [2, 3, 4]);
  });
});
