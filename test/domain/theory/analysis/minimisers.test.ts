import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { exactLaw } from '../../../../domain/theory/analysis/laws/exact-law.js';
import { expertLaw } from '../../../../domain/theory/analysis/laws/expert-law.js';
import { allLosses } from '../../../../domain/theory/analysis/losses/all-losses.js';
import { combinedLoss } from '../../../../domain/theory/analysis/losses/combined-loss.js';
import { crossEntropyLoss } from '../../../../domain/theory/analysis/losses/cross-entropy.js';
import { focalLoss } from '../../../../domain/theory/analysis/losses/focal.js';
import { defaultLossSettings } from '../../../../domain/theory/analysis/losses/loss-settings.js';
import { softDice } from '../../../../domain/theory/analysis/losses/ratio-loss.js';
import { minimiseWithOnePrediction } from '../../../../domain/theory/analysis/losses/theory-loss.js';
import { softJaccard, tverskyLoss } from '../../../../domain/theory/analysis/losses/tversky.js';
import { batchedRegions, type Region } from '../../../../domain/theory/analysis/region.js';
import { leastRiskByTrying } from '../../../support/theory/brute-force.js';

const inside = fc.double({ min: 0.02, max: 0.98, noNaN: true });
const volume = fc.double({ min: 0.1, max: 5, noNaN: true });
const uncertain = fc.array(fc.record({ volume, probability: inside, count: fc.integer({ min: 1, max: 3 }) }), {
  minLength: 1,
  maxLength: 2,
});
const core = fc.option(fc.record({ volume, probability: fc.constant(1), count: fc.constant(1) }), { nil: undefined });
const images = fc
  .tuple(uncertain, core)
  .map(([parts, centre]): Region[] => [
    ...parts,
    ...(centre === undefined ? [] : [centre]),
    { volume: 10, probability: 0, count: 1 },
  ]);

const settings = [
  defaultLossSettings,
  { focal: 0.7, tversky: [0.2, 0.4], smoothing: 0.1, softDiceWeight: 0.9, batches: [] },
  { focal: 5, tversky: [1.5, 0.5], smoothing: 5, softDiceWeight: 0.1, batches: [] },
] as const;

for (const [variant, chosen] of settings.entries()) {
  for (const loss of allLosses({ ...chosen, batches: [] })) {
    test(`the minimum of ${loss.title} is that found by trying, to 1e-9 (settings ${variant})`, () => {
      fc.assert(
        fc.property(images, (regions) => {
          const law = exactLaw(regions);
          for (const shared of [false, true]) {
            const found = shared ? minimiseWithOnePrediction(loss, law) : loss.minimise(law);
            const tried = leastRiskByTrying(loss, law, shared);
            assert.ok(found.risk <= tried + 1e-12, `missed: ${found.risk} against ${tried} by trying`);
            assert.ok(found.risk >= tried - 1e-9, `too good: ${found.risk} against ${tried} by trying`);
            assert.ok(Math.abs(loss.risk(law, found.predictions) - found.risk) < 1e-13);
            assert.ok(found.predictions.every((q) => q >= 0 && q <= 1));
          }
        }),
        // Seeded: trying has its limits, and must not fail on a rare landscape.
        { numRuns: 25, seed: 4 },
      );
    });
  }
}

test('soft Dice over experts, who are not independent, is minimised as found by trying', () => {
  const mask = fc.uint8Array({ minLength: 12, maxLength: 12, max: 1 });
  fc.assert(
    fc.property(fc.tuple(mask, mask), (masks) => {
      const { law } = expertLaw(masks, 1);
      const found = softDice().minimise(law);
      const tried = leastRiskByTrying(softDice(), law, false);
      assert.ok(found.certified);
      assert.ok(
        Math.abs(found.risk - Math.min(tried, softDice().risk(law, new Float64Array(law.groupVolumes.length)))) < 1e-9,
      );
    }),
    { numRuns: 60 },
  );
});

test('a region unlike its neighbour can be best predicted by a fraction, not a corner', () => {
  // Without a core, volume 1 at p = 0.6 and volume ½ at p = 0.275.
  const law = exactLaw([
    { volume: 1, probability: 0.6, count: 1 },
    { volume: 0.5, probability: 0.275, count: 1 },
  ]);
  const { predictions, risk, certified } = softDice().minimise(law);
  assert.ok(certified);
  assert.equal(predictions[0], 1);
  assert.ok((predictions[1] as number) > 0.6 && (predictions[1] as number) < 0.75);
  for (const corner of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]) {
    assert.ok(softDice().risk(law, Float64Array.from(corner)) > risk + 1e-4);
  }
});

test('Tversky with α = β = ½ is soft Dice and with α = β = 1 soft Jaccard; focal with γ = 0 is cross-entropy', () => {
  fc.assert(
    fc.property(images, inside, inside, (regions, a, b) => {
      const law = exactLaw(regions);
      const q = law.groupProbabilities.map((p, g) => (p === 0 ? 0 : g % 2 === 0 ? a : b));
      const pairs = [
        [tverskyLoss(0.5, 0.5), softDice()],
        [tverskyLoss(1, 1), softJaccard],
        [focalLoss(0), crossEntropyLoss],
        [combinedLoss(0), crossEntropyLoss],
        [combinedLoss(1), softDice()],
      ] as const;
      for (const [left, right] of pairs) assert.ok(Math.abs(left.risk(law, q) - right.risk(law, q)) < 1e-13);
      // The general minimiser just off α + β = 1 must meet the exact one at it.
      const [near, at] = [tverskyLoss(0.5, 0.5 + 1e-9).minimise(law).risk, softDice().minimise(law).risk];
      assert.ok(Math.abs(near - at) < 1e-8);
    }),
    { numRuns: 30 },
  );
});

test('batch soft Dice of two images is the mean over both images’ realisations of the ratio of sums', () => {
  const regions = [
    { volume: 1, probability: 0.3, count: 1 },
    { volume: 2, probability: 0.6, count: 1 },
    { volume: 0.5, probability: 1, count: 1 },
  ];
  const q = [0.8, 0.3, 1];
  let expected = 0;
  const realisations = [0, 1, 2, 3].map((bits) => {
    const present = [bits & 1, bits >> 1, 1];
    const sum = (f: (j: number) => number): number => present.reduce((total, b, j) => total + b * f(j), 0);
    return {
      weight: regions.reduce((w, { probability: p }, j) => w * (present[j] === 1 ? p : 1 - p), 1),
      truth: sum((j) => (regions[j] as Region).volume),
      overlap: sum((j) => (regions[j] as Region).volume * (q[j] as number)),
    };
  });
  const predicted = regions.reduce((sum, region, j) => sum + region.volume * (q[j] as number), 0);
  for (const a of realisations) {
    for (const b of realisations) {
      expected += a.weight * b.weight * (1 - (2 * (a.overlap + b.overlap)) / (2 * predicted + a.truth + b.truth));
    }
  }
  const risk = softDice({ batch: 2 }).risk(exactLaw(batchedRegions(regions, 2)), Float64Array.from(q));
  assert.ok(Math.abs(risk - expected) < 1e-14);
});

test('settings out of range are refused by name', () => {
  assert.throws(() => focalLoss(-1), /focal/);
  assert.throws(() => tverskyLoss(0, 0), /tversky/);
  assert.throws(() => tverskyLoss(NaN, 1), /tversky/);
  assert.throws(() => combinedLoss(1.1), /weight/);
});
