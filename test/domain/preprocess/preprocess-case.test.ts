import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reorientedGrid, reorientInto } from '../../../domain/image/axis-order.js';
import type { LabelMap, ScalarImage } from '../../../domain/image/grid.js';
import { alignImage } from '../../../domain/preprocess/align.js';
import { preprocessCase, type PreprocessSettings } from '../../../domain/preprocess/preprocess-case.js';
import { toNetworkCase } from '../../../steps/training/case-loader.js';
import { voxelsOf } from '../../../storage/cases/prepared-cases.js';
import { gridOf, imageOf, labelOf } from '../../support/images/image-fixtures.js';

const settings: PreprocessSettings = {
  dimensions: 3,
  spacingMm: 2,
  resampling: 'centred',
  labelResampling: 'volumePreserving',
  mask: 'none',
  crop: [4, 4, 4],
  margin: 0,
};
const grid = gridOf([8, 8, 4], [1, 1, 4]);
const first = imageOf(grid, (x, y, z) => x + y + z);
const block = labelOf(grid, (x, y, z) => x >= 2 && x < 6 && y >= 2 && y < 6 && z >= 1 && z < 3);

function prepare(
  images: readonly ScalarImage[],
  map: LabelMap = block,
  changes: Partial<PreprocessSettings> = {},
): ReturnType<typeof preprocessCase> {
  return preprocessCase({
    images: images.map((image, index) => ({ modality: `M${index}`, source: `m${index}.nii`, image })),
    label: { source: 'label.nii', map },
    settings: { ...settings, ...changes },
  });
}

describe('preprocessCase in 3D', () => {
  it('resamples everything to one grid of 2 mm and reports what that does to the volume', () => {
    const { grid: prepared, images, label, quality, mask } = prepare([first]);
    assert.deepEqual(prepared.shape, [4, 4, 8]);
    assert.deepEqual(prepared.spacingMm, [2, 2, 2]);
    assert.deepEqual(images[0]?.grid, label.grid);
    assert.equal(mask, undefined);
    // 4×4×2 voxels of 4 mm³; after it 2×2×4 of 8 mm³: the block's borders lie between new voxels.
    assert.equal(quality.structureVoxelsBefore, 32);
    assert.equal(quality.volumeBefore, 0.128);
    assert.equal(quality.volumeAfter, 0.128);
    assert.deepEqual(quality.unpredictable, { fieldOfView: 0, crop: 0, margin: 0, mask: 0 });
    const values = [...images[0].values];
    assert.deepEqual(quality.intensities, [{ lowest: Math.min(...values), highest: Math.max(...values) }]);
  });

  it('measures the structure that networks cannot predict, each part by the first reason that applies', () => {
    const partsOf = (map: LabelMap, changes: Partial<PreprocessSettings>): object =>
      prepare([first], map, changes).quality.unpredictable;
    const none = { fieldOfView: 0, crop: 0, margin: 0, mask: 0 };
    // The block is 4×4×8 mm: 2×2×4 voxels in the middle of 4×4×8. A crop of one column holds a half of it, as does one of
    // two slices.
    assert.deepEqual(partsOf(block, { crop: [4, 4, 2] }), { ...none, crop: 0.064 });
    assert.deepEqual(partsOf(block, { crop: [1, 4, 4] }), { ...none, crop: 0.064 });
    // A crop of 8×8×8 without a margin of 3 is the middle 2×2×2.
    assert.deepEqual(partsOf(block, { crop: [8, 8, 8], margin: 3 }), { ...none, margin: 0.064 });
    // The crop leaves 2×2×2 voxels and their margin all of these: nothing is predicted at all.
    assert.deepEqual(partsOf(block, { crop: [4, 4, 2], margin: 1 }), { ...none, crop: 0.064, margin: 0.064 });
    // x + y + z > 4 in the original; the mask is that of the resampled image.
    const mask = { modality: 'M0', greaterThan: 1000 };
    assert.deepEqual(partsOf(block, { crop: [8, 8, 8], mask }), { ...none, mask: 0.128 });
    // 9 mm become 4 voxels of 2 mm, half a millimetre short on each side: 2 · ½ · 8 · 16 mm³ of a slab of 9×8×16 mm.
    const wide = gridOf([9, 8, 4], [1, 1, 4]);
    const image = imageOf(wide, () => 1);
    const all = labelOf(wide, () => true);
    const { quality } = preprocessCase({
      images: [{ modality: 'M0', source: 'm0.nii', image }],
      label: { source: 'label.nii', map: all },
      settings: { ...settings, crop: [8, 8, 8] },
    });
    assert.ok(Math.abs(quality.unpredictable.fieldOfView - 0.128) < 1e-12);
    assert.equal(quality.unpredictable.crop, 0);
  });

  it('has the share of each voxel as label where labels are soft', () => {
    const odd = labelOf(grid, (x, y, z) => x >= 2 && x < 5 && y >= 2 && y < 6 && z >= 1 && z < 3);
    const { label, quality } = prepare([first], odd, { labelResampling: 'soft' });
    assert.ok(label.values instanceof Float32Array);
    assert.deepEqual([...label.values.slice(4 * 4 * 2 + 4, 4 * 4 * 2 + 8)], [0, 1, 0.5, 0]);
    // 3×4×8 mm, which is 12 voxels of 8 mm³.
    assert.deepEqual([quality.structureVoxelsAfter, quality.volumeAfter], [12, 0.096]);
  });

  it('keeps the mask as it was drawn, on the first image’s grid, and where the prepared grid lies on it', () => {
    const { original } = prepare([first]);
    assert.deepEqual(original.label, block);
    assert.deepEqual(original.axes, [
      { length: 4, start: 0.5, step: 2 },
      { length: 4, start: 0.5, step: 2 },
      { length: 8, start: -0.25, step: 0.5 },
    ]);
  });

  it('collects moments over the mask only, and makes the mask of the resampled modality', () => {
    const second = imageOf(grid, (x) => (x < 4 ? 10 : -10));
    const { moments, mask } = prepare([first, second], block, { mask: { modality: 'M1', greaterThan: 0 } });
    assert.ok(mask !== undefined);
    assert.deepEqual([...mask.values.slice(0, 4)], [1, 1, 0, 0]);
    assert.deepEqual([moments[0]?.count, moments[1]?.count], [64, 64]);
    assert.deepEqual([moments[1]?.mean, moments[1]?.m2], [10, 0]);
  });

  it('brings modalities and mask that differ by flips and permutations to the first image’s orientation', () => {
    const order = { from: [2, 0, 1], flip: [true, false, true] } as const;
    const turnedGrid = reorientedGrid(grid, order);
    const turned = { grid: turnedGrid, values: new Float32Array(first.values.length) };
    reorientInto(turned.values, first.values, grid.shape, order);
    const turnedLabel = { grid: turnedGrid, values: new Uint8Array(block.values.length) };
    reorientInto(turnedLabel.values, block.values, grid.shape, order);
    const straight = prepare([first, first]);
    assert.deepEqual(prepare([first, turned], turnedLabel), straight);
  });

  it('interpolates modalities on other voxels onto the first one, and says which, if asked to', () => {
    const other = imageOf(gridOf([8, 8, 5], [1, 1, 2]), (x, _, z) => x + 10 * z);
    const { images, quality } = prepare([first, other, first], block, { align: 'toFirst' });
    const { values, outsideVoxels } = alignImage(other, grid);
    assert.ok(outsideVoxels > 0);
    assert.deepEqual(images[1], prepare([{ grid, values }]).images[0]);
    assert.deepEqual(images[2], images[0]);
    assert.deepEqual(quality.aligned, [{ modality: 'M1', outsideVoxels }]);
    assert.equal(prepare([first, first], block, { align: 'toFirst' }).quality.aligned, undefined);
  });

  it('a mask on other voxels than the first modality is an error even then', () => {
    const other = labelOf(gridOf([8, 8, 5], [1, 1, 2]), () => true);
    assert.throws(() => prepare([first], other, { align: 'toFirst' }), { code: 'IMAGE_GEOMETRY_MISMATCH' });
  });

  it('files on different voxels are an error that names both', () => {
    const other = imageOf(gridOf([8, 8, 5], [1, 1, 4]), () => 0);
    assert.throws(
      () => prepare([first, other]),
      (error: Error) => {
        assert.match(error.message, /m1\.nii .*8×8×5.* and m0\.nii .*8×8×4.*; preprocessing\.align: toFirst interp/);
        return 'code' in error && error.code === 'IMAGE_GEOMETRY_MISMATCH';
      },
    );
    const moved = labelOf(
      gridOf(
        [8, 8, 4],
        [1, 1, 4],
        [
          [1, 0, 0, 0.5],
          [0, 1, 0, 0],
          [0, 0, 4, 0],
        ],
      ),
      () => true,
    );
    assert.throws(() => prepare([first], moved), /label\.nii/);
  });

  it('a mask by a modality that is not there is refused', () => {
    assert.throws(() => prepare([first], block, { mask: { modality: 'FLAIR', greaterThan: 0 } }), {
      code: 'ARGUMENT_INVALID',
    });
  });

  it('an empty structure is allowed: its volumes are 0', () => {
    const { quality } = prepare(
      [first],
      labelOf(grid, () => false),
    );
    assert.deepEqual([quality.volumeBefore, quality.volumeAfter], [0, 0]);
  });
});

describe('preprocessCase in 2D', () => {
  const flat = gridOf([10, 8, 1]);
  const picture = imageOf(flat, (x, y) => x + 100 * y);
  const square = labelOf(flat, (x, y) => x >= 6 && y >= 4 && x < 10 && y < 8);
  const flatSettings = { dimensions: 2, crop: [4, 4] } as const;

  it('without a region of interest a picture stays as it is', () => {
    const prepared = prepare([picture], square, flatSettings);
    assert.deepEqual(prepared.images[0], picture);
    assert.equal(prepared.quality.volumeAfter, 0.16);
  });

  it('the region of interest lies round the structure, is averaged in blocks and padded with 0', () => {
    const prepared = prepare([picture], square, { ...flatSettings, roi: { sizePixels: 8, downsample: 2 } });
    // Centre (7.5, 5.5): columns 4 to 11, rows 2 to 9, of which 10, 11, 8 and 9 lie outside.
    assert.deepEqual(prepared.grid.shape, [4, 4, 1]);
    const mean = (x: number, y: number): number => x + 0.5 + 100 * (y + 0.5);
    assert.deepEqual([...(prepared.images[0]?.values ?? [])].slice(0, 5), [
      mean(4, 2),
      mean(6, 2),
      mean(8, 2),
      0,
      mean(4, 4),
    ]);
    assert.deepEqual([...prepared.label.values], [0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
    assert.deepEqual([prepared.quality.volumeBefore, prepared.quality.volumeAfter], [0.04, 0.04]);
    assert.deepEqual(prepared.grid.affine[0], [2, 0, 0, 4.5]);
    assert.deepEqual(prepared.original.axes.slice(0, 2), [
      { length: 4, start: 4.5, step: 2 },
      { length: 4, start: 2.5, step: 2 },
    ]);
  });

  it('what a region has outside its picture counts in no loss and in no moment', () => {
    const edge = labelOf(flat, (x, y) => x >= 8 && y >= 1);
    const prepared = prepare([picture], edge, { ...flatSettings, roi: { sizePixels: 9, downsample: 3 }, crop: [3, 3] });
    // Centre (8.5, 4): columns 4 to 12, rows 0 to 8, in blocks of three. The picture has columns 0 to 9 and rows 0 to 7: the
    // last column of blocks lies outside it, the last row of blocks in part.
    assert.deepEqual(prepared.picture, { columns: [0, 2], rows: [0, 2] });
    assert.deepEqual([...(prepared.mask?.values ?? [])], [1, 1, 0, 1, 1, 0, 0, 0, 0]);
    const blocks = [105, 108, 405, 408]; // x + 100 y at the blocks' centres
    const mean = blocks.reduce((sum, value) => sum + value, 0) / 4;
    const m2 = blocks.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    assert.deepEqual(prepared.moments, [{ count: 4, mean, m2 }]);
    // Four of the structure's 2 × 7 pixels lie in rows 6 and 7: in the blocks that are not predicted.
    const { volumeBefore, unpredictable } = prepared.quality;
    assert.ok(Math.abs(volumeBefore - 0.14 / 9) < 1e-15);
    assert.ok(Math.abs(unpredictable.fieldOfView - 0.04 / 9) < 1e-15);
    assert.deepEqual([unpredictable.crop, unpredictable.margin, unpredictable.mask], [0, 0, 0]);
    // Networks see 0 there, the mean, in whatever unit the image is.
    const voxels = voxelsOf(prepared);
    const seen = toNetworkCase(voxels, { normalisation: [{ mean, deviation: 2 }], cropShape: [3, 3, 1] });
    const [a = 0, b = 0, c = 0, d = 0] = blocks.map((value) => (value - mean) / 2);
    assert.deepEqual([...(seen.images[0] ?? [])], [a, b, 0, c, d, 0, 0, 0, 0]);
    assert.deepEqual(seen.mask, prepared.mask?.values);
  });

  it('an empty mask has no centre: refused, naming the file', () => {
    assert.throws(
      () =>
        prepare(
          [picture],
          labelOf(flat, () => false),
          { ...flatSettings, roi: { sizePixels: 8, downsample: 2 } },
        ),
      /label\.nii: its mask is empty/,
    );
  });

  it('an image with several slices is refused', () => {
    assert.throws(() => prepare([first], block, flatSettings), /m0\.nii has 8×8×4/);
  });
});
