import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluateCase } from '../../../domain/evaluate/evaluate-case.js';
import { predictedMask } from '../../../domain/evaluate/predicted-mask.js';
import { voxelSizeOf } from '../../../domain/evaluate/voxel-size.js';
import type { CoverageMap, LabelMap } from '../../../domain/image/grid.js';
import type { PhantomSettings } from '../../../domain/phantom/phantom-settings.js';
import { drawStructure, type PhantomName } from '../../../domain/phantom/phantom-structure.js';
import { phantomTheory } from '../../../domain/phantom/phantom-theory.js';
import { windowRange } from '../../../domain/preprocess/crop.js';
import { maskPreparation, type PreprocessSettings } from '../../../domain/preprocess/preprocess-case.js';

const deep: PhantomSettings = {
  dimensions: 3,
  cases: 4,
  shape: [40, 40, 14],
  spacingMm: [1, 1, 4],
  bitDepth: 8,
  coreRadius: 8,
  regions: 3,
  regionRadius: 7,
  probability: 0.45,
  noise: 0.05,
};
const flat: PhantomSettings = { ...deep, dimensions: 2, shape: [64, 64], regions: 4, coreRadius: 7, regionRadius: 5 };

const resampled: PreprocessSettings = {
  dimensions: 3,
  spacingMm: 2,
  resampling: 'centred',
  mask: 'none',
  crop: [18, 21, 24],
  margin: 0,
  labelResampling: 'linear',
};
const cut: PreprocessSettings = { ...resampled, dimensions: 2, crop: [27, 27], roi: { sizePixels: 54, downsample: 2 } };

const training = { softDice: { epsilon: 1e-7, reduction: 'image' }, batchSize: 1 } as const;
const stream = { seed: 3, name: 'p', grid: 'working' as const, training };

/** The prepared label of a case if these regions belonged to the structure, with the case's region of interest. */
function labelWith(
  phantom: PhantomSettings,
  settings: PreprocessSettings,
  own: PhantomName,
  bits: number,
): CoverageMap {
  const { grid, core, regions, label } = drawStructure(phantom, own);
  const values = core.map((one, i) => (one === 1 || regions.some((map, j) => (bits >> j) & 1 && map[i] === 1) ? 1 : 0));
  return maskPreparation({ grid, values: label }, 'p', settings).prepare({ grid, values });
}

describe('phantomTheory', () => {
  for (const [what, phantom, preprocessing] of [
    ['resampled and cropped', deep, resampled],
    ['cut out, averaged and cropped', flat, cut],
  ] as const) {
    it(`is what trying all labels of a case gives, ${what}`, () => {
      const [x, y, z = 1] = preprocessing.crop as [number, number, number?];
      const cropShape = [x, y, z] as const;
      const found = phantomTheory({
        ...{ phantom, ...stream, preprocessing, cropShape, outputShape: cropShape },
        losses: ['ce', 'sd'],
      });
      assert.equal(found.length, 2 * phantom.cases);
      for (let caseIndex = 0; caseIndex < phantom.cases; caseIndex++) {
        const own = { ...stream, caseIndex };
        const count = 2 ** phantom.regions;
        const labels = Array.from({ length: count }, (_, bits) => labelWith(phantom, preprocessing, own, bits));
        const chances = labels.map((_, bits) =>
          Array.from({ length: phantom.regions }, (__, j) => (bits >> j) & 1).reduce(
            (chance, one) => chance * (one === 1 ? phantom.probability : 1 - phantom.probability),
            1,
          ),
        );
        const { grid } = labels[0] as CoverageMap;
        const inside = insideCrop(grid.shape, cropShape);
        const size = voxelSizeOf(phantom.dimensions, grid);
        const measure = (map: CoverageMap, predicted: Float32Array, within: Uint8Array) =>
          evaluateCase({
            truth: map.values.map((one, i) => one * (within[i] as number)),
            predicted,
            mask: predictedMask(predicted, 0.5),
            ...{ size, unpredictableVolume: 0, clip: 1e-7 },
          });
        const everywhere = new Uint8Array(inside.length).fill(1);
        const mean = (of: (map: CoverageMap) => number): number =>
          labels.reduce((sum, map, i) => sum + (chances[i] as number) * of(map), 0);
        // Ŷ: p̂ in every voxel of the crop that belongs to the structure in some labels, but not in all.
        const predictionAt = (q: number): Float32Array =>
          Float32Array.from(inside, (one, i) =>
            labels[0]?.values[i] === 1 ? one : labels[count - 1]?.values[i] === 1 ? q * one : 0,
          );
        // Networks are trained on the crop, and measured on the whole image.
        const risks = [0, 0.2, 0.5, 0.8, 1].map((q) => {
          const predicted = predictionAt(q);
          return { q, risk: mean((map) => 1 - measure(map, predicted, inside).softDiceScore) };
        });
        const best = risks.reduce((a, b) => (b.risk < a.risk ? b : a));
        const expected = mean((map) => measure(map, predictionAt(0), inside).truthVolume);
        for (const [loss, q] of [
          ['ce', phantom.probability],
          ['sd', best.q],
        ] as const) {
          const one = found.find(({ caseId, loss: its }) => caseId === `phantom-000${caseIndex + 1}` && its === loss);
          const { predictedVolume } = measure(labels[0] as CoverageMap, predictionAt(q), everywhere);
          // Float32 predictions: 0.45 is off by 1e-8.
          assert.ok(Math.abs((one?.predictedVolume ?? NaN) - predictedVolume) < 1e-6, `${loss}: ${predictedVolume}`);
          assert.ok(Math.abs((one?.expectedVolume ?? NaN) - expected) < 1e-12);
        }
      }
    });
  }

  it('expects the volumes as drawn on the native grid, and predicts what keeps its volume on the way back', () => {
    const cropShape = [20, 20, 28] as const;
    const settings = { ...resampled, labelResampling: 'soft' as const };
    const request = { phantom: deep, ...stream, preprocessing: settings, cropShape, outputShape: cropShape };
    const onto = (grid: 'native' | 'working') => phantomTheory({ ...request, grid, losses: ['ce'] });
    const [native, working] = [onto('native'), onto('working')];
    for (const [caseIndex, one] of native.entries()) {
      // 1 × 1 × 4 mm: 0.004 ml a voxel. With 28 slices of 2 mm the prepared image is the original one, and shares of
      // voxels lose nothing, so that cross-entropy has no bias.
      const { core, regions } = drawStructure(deep, { ...stream, caseIndex });
      const count = (map: Uint8Array): number => map.reduce((sum, value) => sum + value, 0);
      const voxels = regions.reduce((sum, map) => sum + deep.probability * count(map), count(core));
      assert.ok(Math.abs(one.expectedVolume - 0.004 * voxels) < 1e-9);
      assert.ok(Math.abs(one.predictedVolume - one.expectedVolume) < 1e-6);
      assert.ok(Math.abs(one.predictedVolume - (working[caseIndex]?.predictedVolume ?? NaN)) < 1e-6);
    }
  });

  for (const grid of ['working', 'native'] as const) {
    it(`leaves out what lies in the margin that networks do not predict, on the ${grid} grid`, () => {
      const preprocessing = { ...resampled, labelResampling: 'soft' as const };
      const request = { phantom: deep, ...stream, grid, preprocessing, losses: ['ce' as const] };
      const [all] = phantomTheory({ ...request, cropShape: [20, 20, 28], outputShape: [20, 20, 28] });
      const [margin] = phantomTheory({ ...request, cropShape: [20, 20, 28], outputShape: [10, 10, 14] });
      for (const one of [all, margin])
        assert.ok(Math.abs((one?.predictedVolume ?? NaN) - (one?.expectedVolume ?? NaN)) < 1e-6);
      assert.ok((margin?.predictedVolume ?? NaN) < 0.9 * (all?.predictedVolume ?? NaN));
    });
  }
});

function insideCrop(shape: LabelMap['grid']['shape'], crop: LabelMap['grid']['shape']): Uint8Array {
  const [alongX, alongY, alongZ] = windowRange(shape, crop, [0, 0, 0]);
  const isIn = (value: number, [begin, end]: readonly [number, number]): boolean => value >= begin && value < end;
  return Uint8Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => {
    const [x, y, z] = [i % shape[0], Math.floor(i / shape[0]) % shape[1], Math.floor(i / (shape[0] * shape[1]))];
    return isIn(x, alongX) && isIn(y, alongY) && isIn(z, alongZ) ? 1 : 0;
  });
}
