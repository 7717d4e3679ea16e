import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { perfectLearner } from '../../../../domain/theory/prediction/perfect-learner.js';
import { symmetricOptimum } from '../../../../domain/theory/prediction/symmetric-case.js';

const image = { countedVoxels: 1000, predictedVoxels: 1000 };
const settings = { softDice: { epsilon: 1e-7, reduction: 'image' }, batchSize: 1 } as const;

test('cross-entropy predicts p and is unbiased; soft Dice predicts 0 or 1 with bias −U p or U (1 − p)', () => {
  const structure = { ...image, core: 200, regions: [48, 50, 50, 52], voxelVolume: 0.01 };
  const bias = (loss: 'ce' | 'sd', probability: number): [number, number] => {
    const found = perfectLearner(loss, { ...structure, probability }, settings);
    return [found.optimalPrediction, found.predictedVolume - found.expectedVolume];
  };
  // p* of four regions with μ = 1 is 0.4358.
  for (const [loss, p, prediction, expected] of [
    ['ce', 0.3, 0.3, 0],
    ['sd', 0.3, 0, -0.6],
    ['sd', 0.6, 1, 0.8],
    ['sd', 0, 0, 0],
    ['sd', 1, 1, 0],
  ] as const) {
    const [found, volume] = bias(loss, p);
    assert.equal(found, prediction);
    assert.ok(Math.abs(volume - expected) < 1e-14, `${loss}, p = ${p}: ${volume}`);
  }
});

test('the prediction of equal regions is that of the symmetric case', () => {
  const cases = fc.record({
    core: fc.integer({ min: 0, max: 300 }),
    size: fc.integer({ min: 1, max: 100 }),
    regions: fc.integer({ min: 1, max: 12 }),
    probability: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
  });
  fc.assert(
    fc.property(cases, ({ core, size, regions, probability }) => {
      const parts = Array.from({ length: regions }, () => size);
      const structure = { ...image, core, regions: parts, probability, voxelVolume: 1 };
      const { optimalPrediction } = perfectLearner('sd', structure, settings);
      const geometry = { coreVolume: core, uncertainVolume: size * regions, regions };
      assert.equal(optimalPrediction, symmetricOptimum({ ...geometry, probability }).optimalPrediction);
    }),
  );
});

test('no prediction for all regions has a lower soft Dice risk over the 2^N labels, whatever the regions’ sizes', () => {
  const cases = fc.record({
    core: fc.integer({ min: 0, max: 100 }),
    sizes: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
    probability: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    other: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(cases, ({ core, sizes, probability, other }) => {
      const riskAt = (q: number): number => {
        let risk = 0;
        for (let bits = 0; bits < 2 ** sizes.length; bits++) {
          let [weight, truth, overlap, predicted] = [1, core, core, core];
          sizes.forEach((size, j) => {
            const present = (bits >> j) & 1;
            weight *= present === 1 ? probability : 1 - probability;
            truth += present * size;
            overlap += present * size * q;
            predicted += size * q;
          });
          risk += truth + predicted === 0 ? 0 : weight * (1 - (2 * overlap) / (truth + predicted));
        }
        return risk;
      };
      const structure = { ...image, core, regions: sizes, probability, voxelVolume: 1 };
      const { optimalPrediction } = perfectLearner('sd', structure, settings);
      for (const q of [0, other, 1]) assert.ok(riskAt(optimalPrediction) <= riskAt(q) + 1e-12);
    }),
  );
});

test('a probability outside [0, 1] is refused', () => {
  const structure = { ...image, core: 1, regions: [1], voxelVolume: 1, probability: 1.1 };
  assert.throws(() => perfectLearner('ce', structure, settings), { code: 'ARGUMENT_INVALID' });
});
