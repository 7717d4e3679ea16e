import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { randomStream } from '../../../../domain/random/random-stream.js';
import { exactLaw } from '../../../../domain/theory/analysis/laws/exact-law.js';
import { expertLaw } from '../../../../domain/theory/analysis/laws/expert-law.js';
import { mergeUncertainGroups } from '../../../../domain/theory/analysis/laws/merged-law.js';
import type { OutcomeLaw } from '../../../../domain/theory/analysis/laws/outcome-law.js';
import { alikeTogether, regionLaw } from '../../../../domain/theory/analysis/laws/region-law.js';
import { sampledLaw } from '../../../../domain/theory/analysis/laws/sampled-law.js';
import { volumeLaw } from '../../../../domain/theory/analysis/laws/volume-law.js';
import { softDice } from '../../../../domain/theory/analysis/losses/ratio-loss.js';
import { riskStandardError } from '../../../../domain/theory/analysis/losses/theory-loss.js';
import type { Region } from '../../../../domain/theory/analysis/region.js';

const probability = fc.oneof(fc.constantFrom(0, 1, 0.5), fc.double({ min: 0, max: 1, noNaN: true }));
const quarters = fc.integer({ min: 1, max: 20 }).map((n) => n / 4);
const region = fc.record({ volume: quarters, probability, count: fc.integer({ min: 1, max: 3 }) });
const regions = fc.array(region, { minLength: 1, maxLength: 4 });

/** Soft Dice's risk by the definition: every one of the 2^J realisations of the single regions. */
function riskByRealisations(groups: readonly Region[], predictions: readonly number[]): number {
  const single = groups.flatMap((group, g) =>
    Array.from({ length: group.count }, () => ({ ...group, q: predictions[g] as number })),
  );
  let risk = 0;
  for (let bits = 0; bits < 2 ** single.length; bits++) {
    let [weight, truth, overlap, predicted] = [1, 0, 0, 0];
    single.forEach(({ volume, probability: p, q }, j) => {
      const present = (bits >> j) & 1;
      weight *= present === 1 ? p : 1 - p;
      truth += present * volume;
      overlap += present * volume * q;
      predicted += volume * q;
    });
    if (weight > 0 && truth + predicted > 0) risk += weight * (1 - (2 * overlap) / (truth + predicted));
  }
  return risk;
}

/** Times a volume, a subnormal prediction rounds to 0 or not by the order of the factors, and 0 has another risk. */
const prediction = fc.double({ min: 0, max: 1, noNaN: true }).map((q) => (q < 1e-300 ? 0 : q));
const cases = fc.tuple(regions, fc.array(prediction, { minLength: 4, maxLength: 4 }));

test('the risk over binomial counts is that over all 2^J realisations', () => {
  fc.assert(
    fc.property(cases, ([groups, predictions]) => {
      const risk = softDice().risk(exactLaw(groups), Float64Array.from(predictions.slice(0, groups.length)));
      assert.ok(Math.abs(risk - riskByRealisations(groups, predictions)) < 1e-12);
    }),
    { numRuns: 60 },
  );
});

test('the exact law of the truth volume gives the same risk and presence as all outcomes', () => {
  fc.assert(
    fc.property(cases, ([groups, predictions]) => {
      const q = Float64Array.from(predictions.slice(0, groups.length));
      const outcomes = exactLaw(groups);
      const volumes = volumeLaw(groups);
      if (groups.every(({ probability: p }) => p === 0 || p === 1)) return;
      assert.ok(volumes !== undefined);
      assert.ok(Math.abs(softDice().risk(volumes, q) - softDice().risk(outcomes, q)) < 1e-12);
      const weigh = (law: OutcomeLaw): Float64Array =>
        law.presence(law.weights.map((weight, a) => weight / (1 + (law.truthVolumes[a] as number))));
      const [expected, found] = [weigh(outcomes), weigh(volumes)];
      expected.forEach((value, g) => assert.ok(Math.abs(value - (found[g] as number)) < 1e-12));
    }),
    { numRuns: 60 },
  );
});

test('forty unlike regions on a common unit keep the means and variance of the truth volume', () => {
  const groups = Array.from({ length: 40 }, (_, j) => ({ volume: 1 + j / 4, probability: (j + 1) / 42, count: 1 }));
  const law = regionLaw(groups);
  assert.equal(law.method, 'volumes');
  const moment = (f: (t: number) => number): number =>
    law.truthVolumes.reduce((sum, t, a) => sum + f(t) * (law.weights[a] as number), 0);
  const mean = groups.reduce((sum, { volume, probability: p }) => sum + volume * p, 0);
  const variance = groups.reduce((sum, { volume, probability: p }) => sum + volume * volume * p * (1 - p), 0);
  assert.ok(Math.abs(moment(() => 1) - 1) < 1e-12);
  assert.ok(Math.abs(moment((t) => t) - mean) < 1e-10);
  assert.ok(Math.abs(moment((t) => (t - mean) ** 2) - variance) < 1e-9);
  law.presence(law.weights).forEach((presence, g) => {
    const { volume, probability: p } = groups[g] as Region;
    assert.ok(Math.abs(presence - volume * p) < 1e-12);
  });
});

test('twenty-four incommensurable regions are sampled, within five standard errors of the exact risk', () => {
  // Volumes a millionth of √j off whole numbers have no unit; the exact risk of the whole numbers is as near.
  const whole = Array.from({ length: 24 }, (_, j) => ({ volume: 1 + (j % 5), probability: (j + 1) / 25, count: 1 }));
  const odd = whole.map((group, j) => ({ ...group, volume: group.volume + 1e-9 * Math.sqrt(j + 2) }));
  const sampled = regionLaw(odd, { seed: 3 });
  assert.equal(sampled.method, 'sampled');
  const q = Float64Array.from(whole, ({ probability: p }) => (p > 0.4 ? 1 : 0));
  const error = riskStandardError(softDice(), sampled, q);
  const exact = softDice().risk(regionLaw(whole), q);
  assert.ok(error > 0 && error < 2e-3);
  assert.ok(Math.abs(softDice().risk(sampled, q) - exact) < 5 * error);
  assert.equal(riskStandardError(softDice(), regionLaw(whole), q), 0);
});

test('sampling is a function of its seed', () => {
  const groups = [{ volume: 1, probability: 0.3, count: 5 }];
  const draw = (seed: number): number[] => [...sampledLaw(groups, randomStream(seed), 50).truthVolumes];
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
});

test('a common unit is found for decimals and fractions and refused for unrelated volumes', () => {
  // The truth volumes of the law are 0, 1, 2, … units.
  const commonUnit = (volumes: readonly number[]): number | undefined =>
    volumeLaw(volumes.map((volume) => ({ volume, probability: 0.5, count: 1 })))?.truthVolumes[1];
  assert.ok(Math.abs((commonUnit([0.1, 0.25, 0.3]) as number) - 0.05) < 1e-15);
  assert.ok(Math.abs((commonUnit([1 / 3, 1 / 2]) as number) - 1 / 6) < 1e-15);
  assert.equal(commonUnit([1, Math.SQRT2]), undefined);
  assert.equal(commonUnit([1, 1 + 1e-9]), undefined);
});

test('merging the uncertain groups gives the risk of one prediction for all', () => {
  fc.assert(
    fc.property(cases, ([groups, [q = 0]]) => {
      const law = exactLaw(groups);
      const merged = mergeUncertainGroups(law);
      const own = merged.law.groupProbabilities.map((p) => (p === 0 || p === 1 ? p : q));
      const risk = softDice().risk(merged.law, own);
      assert.ok(Math.abs(risk - softDice().risk(law, merged.expand(own))) < 1e-12);
    }),
    { numRuns: 60 },
  );
});

test('alike regions are put together in order of appearance', () => {
  const core = { volume: 1, probability: 1, count: 1 };
  const part = { volume: 2, probability: 0.5, count: 2 };
  const { groups, groupOf } = alikeTogether([part, core, part]);
  assert.deepEqual(groups, [{ ...part, count: 4 }, core]);
  assert.deepEqual(groupOf, [0, 1, 0]);
});

test('the law of experts has one outcome a mask and one group for each pattern of agreement', () => {
  const masks = [Uint8Array.from([1, 1, 0, 0, 0]), Uint8Array.from([1, 0, 1, 0, 0])];
  const { law, groupOfVoxel } = expertLaw(masks, 0.5);
  assert.deepEqual([...law.truthVolumes], [1, 1]);
  assert.deepEqual([...law.weights], [0.5, 0.5]);
  const probabilities = Array.from(groupOfVoxel, (g) => law.groupProbabilities[g]);
  assert.deepEqual(probabilities, [1, 0.5, 0.5, 0, 0]);
  assert.notEqual(groupOfVoxel[1], groupOfVoxel[2]);
  // All voxels predicted at ½: overlap 0.5, sizes 1 and 1.25 → score 2 · 0.5 / 2.25 for both experts.
  const half = new Float64Array(law.groupVolumes.length).fill(0.5);
  assert.ok(Math.abs(softDice().risk(law, half) - (1 - 1 / 2.25)) < 1e-15);
  assert.throws(() => expertLaw([new Uint8Array(2), new Uint8Array(3)], 1), { code: 'IMAGE_SHAPE_MISMATCH' });
});
