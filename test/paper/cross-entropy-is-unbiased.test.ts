import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { exactLaw } from '../../domain/theory/analysis/laws/exact-law.js';
import { predictedVolume } from '../../domain/theory/analysis/laws/outcome-law.js';
import { crossEntropyLoss } from '../../domain/theory/analysis/losses/cross-entropy.js';
import type { Region } from '../../domain/theory/analysis/region.js';
import { regionsArbitrary } from './support/arbitraries.js';

// "First order conditions w.r.t. p̂_j give the optimal value p̂_j = p_j … CE becomes an unbiased volume estimator." (2.2)
//
// What the product knows in closed form is held to Eq. 5 and the mean over all 2^J realisations, written out here.

/** Every realisation of the regions (each of a count of 1): which belong to the structure, and how probable that is. */
function realisations(regions: readonly Region[]): { readonly present: readonly number[]; readonly weight: number }[] {
  return Array.from({ length: 2 ** regions.length }, (_, bits) => {
    const present = regions.map((_region, j) => (bits >> j) & 1);
    const weight = regions.reduce((w, { probability: p }, j) => w * (present[j] === 1 ? p : 1 - p), 1);
    return { present, weight };
  });
}

/** E of −[y log q + (1 − y) log(1 − q)], the mean over the image's volume; 0 · ∞ is 0. */
function expectedCrossEntropy(regions: readonly Region[], predictions: ArrayLike<number>): number {
  const volume = regions.reduce((sum, region) => sum + region.volume, 0);
  let risk = 0;
  for (const { present, weight } of realisations(regions)) {
    if (weight === 0) continue;
    regions.forEach((region, j) => {
      const q = predictions[j] as number;
      risk -= ((weight * region.volume) / volume) * Math.log(present[j] === 1 ? q : 1 - q);
    });
  }
  return risk;
}

/** Where a function with one minimum on [0, 1] has it, to about the root of double precision. */
function goldenSection(risk: (q: number) => number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [0, 1];
  while (high - low > 1e-10) {
    const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (risk(left) <= risk(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}

test('the minimiser of cross-entropy is where a search along each prediction finds the expected loss least', () => {
  fc.assert(
    fc.property(regionsArbitrary, (regions) => {
      const { predictions } = crossEntropyLoss.minimise(exactLaw(regions));
      regions.forEach((_, j) => {
        // The other predictions add a constant, so any will do.
        const found = goldenSection((q) =>
          expectedCrossEntropy(
            regions,
            regions.map((_region, i) => (i === j ? q : 0.5)),
          ),
        );
        // A minimum can be located to about the root of the precision of its value, here shared by all regions.
        assert.ok(Math.abs((predictions[j] as number) - found) < 2e-4, `${predictions[j]} against ${found}`);
      });
    }),
    { numRuns: 40, seed: 6 },
  );
});

test('its risk is the expected loss over all realisations, there and elsewhere, and nowhere less', () => {
  const inside = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  fc.assert(
    fc.property(regionsArbitrary, fc.array(inside, { minLength: 6, maxLength: 6 }), (regions, elsewhere) => {
      const law = exactLaw(regions);
      const { predictions, risk } = crossEntropyLoss.minimise(law);
      assert.ok(Math.abs(risk - expectedCrossEntropy(regions, predictions)) < 1e-12);
      const other = Float64Array.from(predictions, (_, g) => elsewhere[g] as number);
      const otherRisk = expectedCrossEntropy(regions, other);
      assert.ok(Math.abs(crossEntropyLoss.risk(law, other) - otherRisk) < 1e-12 * Math.max(1, otherRisk));
      assert.ok(otherRisk >= risk - 1e-12);
    }),
  );
});

test('the volume that cross-entropy predicts is the mean volume of all realisations', () => {
  fc.assert(
    fc.property(regionsArbitrary, (regions) => {
      const law = exactLaw(regions);
      const mean = realisations(regions).reduce(
        (sum, { present, weight }) =>
          sum + weight * regions.reduce((v, { volume }, j) => v + volume * (present[j] as number), 0),
        0,
      );
      const predicted = predictedVolume(law, crossEntropyLoss.minimise(law).predictions);
      assert.ok(Math.abs(predicted - mean) <= 1e-12 * Math.max(1, mean), `${predicted} against ${mean}`);
    }),
  );
});
