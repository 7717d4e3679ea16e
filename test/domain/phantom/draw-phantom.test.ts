import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drawPhantom } from '../../../domain/phantom/draw-phantom.js';
import type { PhantomSettings } from '../../../domain/phantom/phantom-settings.js';
import { drawStructure } from '../../../domain/phantom/phantom-structure.js';

const flat: PhantomSettings = {
  dimensions: 2,
  cases: 10,
  shape: [81, 81],
  spacingMm: [1, 1, 1],
  bitDepth: 8,
  coreRadius: 9,
  regions: 4,
  regionRadius: 5,
  probability: 0.5,
  noise: 0,
};
const deep: PhantomSettings = {
  ...flat,
  dimensions: 3,
  shape: [48, 48, 14],
  spacingMm: [1, 1, 4],
  regions: 2,
  noise: 0.05,
};

function named(caseIndex: number, seed = 1) {
  return { seed, name: 'p', caseIndex };
}

function count(values: Float32Array | undefined, wanted: number): number {
  return values?.filter((value) => value === wanted).length ?? NaN;
}

describe('drawPhantom', () => {
  it('draws a core of 1 and uncertain regions of 0.5, of equal volumes, some of which belong to the structure', () => {
    const size = (map: Uint8Array | undefined): number => map?.filter((value) => value === 1).length ?? NaN;
    for (let index = 0; index < 20; index++) {
      const { images, label, core, regions, belongs } = drawPhantom(flat, named(index));
      assert.equal(count(images[0]?.values, 1), size(core));
      assert.equal(count(images[0]?.values, 0.5), 4 * size(regions[0]));
      assert.deepEqual(new Set(regions.map(size)), new Set([size(regions[0])]));
      const expected = core.slice();
      regions.forEach((region, j) => region.forEach((one, i) => (expected[i] ||= belongs[j] === true ? one : 0)));
      assert.deepEqual(label, expected);
    }
  });

  it('the volumes of a disc and of a ball are those of their voxels', () => {
    const sizes = (settings: PhantomSettings): number[] =>
      drawStructure(settings, named(0)).regions.map((region) => region.filter((value) => value === 1).length);
    // Pixels at most 2 from the centre: 13. Voxels of 1×1×4 mm at most 4 mm from it: 49 in the middle, 1 above, 1 below.
    assert.deepEqual(sizes({ ...flat, regionRadius: 2 }), [13, 13, 13, 13]);
    assert.deepEqual(sizes({ ...deep, regionRadius: 4 }), [51, 51]);
  });

  it('whether a region belongs is independent of everything visible: the images do not change with p', () => {
    for (let index = 0; index < 5; index++) {
      const rare = drawPhantom({ ...deep, probability: 0 }, named(index));
      const certain = drawPhantom({ ...deep, probability: 1 }, named(index));
      assert.deepEqual(rare.images, certain.images);
      assert.deepEqual(rare.belongs, [false, false]);
      assert.deepEqual(certain.belongs, [true, true]);
    }
  });

  it('whether a region belongs has nothing to do with where core and regions lie', () => {
    const centres: { belongs: boolean; core: number; regions: number }[] = [];
    for (let index = 0; index < 400; index++) {
      const { images, belongs } = drawPhantom({ ...flat, regions: 1 }, named(index));
      const values = images[0]?.values ?? new Float32Array(0);
      const column = (wanted: number): number => {
        const columns = [...values.keys()].filter((i) => values[i] === wanted).map((i) => i % 81);
        return columns.reduce((sum, x) => sum + x, 0) / columns.length;
      };
      centres.push({ belongs: belongs[0] === true, core: column(1), regions: column(0.5) });
    }
    for (const key of ['core', 'regions'] as const) {
      const mean = (belongs: boolean): number => {
        const group = centres.filter((one) => one.belongs === belongs).map((one) => one[key]);
        return group.reduce((sum, x) => sum + x, 0) / group.length;
      };
      // Columns spread over at most 71 pixels: deviation 20.5, so four standard errors of the difference are 8.2.
      assert.ok(Math.abs(mean(true) - mean(false)) < 8.2, `${key} ${mean(true)} ${mean(false)}`);
    }
  });

  it('regions belong with probability p', () => {
    const cases = 300;
    let belonging = 0;
    for (let index = 0; index < cases; index++) {
      belonging += drawPhantom({ ...flat, probability: 0.3 }, named(index)).belongs.filter(Boolean).length;
    }
    // 1,200 draws: four standard deviations of the mean are 4 √(0.3 · 0.7 / 1200) = 0.053.
    assert.ok(Math.abs(belonging / (4 * cases) - 0.3) < 0.053, String(belonging));
  });

  it('noise has mean 0 and the deviation asked for, and differs between modalities', () => {
    const { images } = drawPhantom({ ...deep, noise: 0.1 }, named(0));
    const clean = drawPhantom({ ...deep, noise: 0 }, named(0)).images;
    const noises = images.map(({ values }, index) =>
      values.map((value, i) => value - (clean[index]?.values[i] ?? NaN)),
    );
    for (const noise of noises) {
      const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
      const deviation = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length);
      // 32,256 voxels: four standard errors of the mean are 0.0022, of the deviation 0.0016.
      assert.ok(Math.abs(mean) < 0.0023 && Math.abs(deviation - 0.1) < 0.0016, `${mean} ${deviation}`);
    }
    assert.notDeepEqual(noises[0], noises[1]);
    assert.deepEqual(
      images.map(({ modality }) => modality),
      ['T1', 'T2'],
    );
  });

  it('is the same for the same seed, name and case, and another for others', () => {
    assert.deepEqual(drawPhantom(deep, named(3)), drawPhantom(deep, named(3)));
    assert.notDeepEqual(drawPhantom(deep, named(3)).label, drawPhantom(deep, named(4)).label);
    assert.notDeepEqual(drawPhantom(deep, named(3)).label, drawPhantom(deep, named(3, 2)).label);
    assert.notDeepEqual(drawPhantom(deep, named(3)).label, drawPhantom(deep, { ...named(3), name: 'q' }).label);
  });

  it('regions that do not fit are an error, not a smaller region', () => {
    assert.throws(() => drawPhantom({ ...flat, regions: 64 }, named(0)), { code: 'ARGUMENT_INVALID' });
    assert.throws(() => drawPhantom({ ...flat, coreRadius: 41 }, named(0)), { code: 'ARGUMENT_INVALID' });
    assert.throws(() => drawPhantom({ ...flat, shape: [81, 81, 81] }, named(0)), { code: 'ARGUMENT_INVALID' });
  });
});
