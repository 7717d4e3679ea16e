import assert from 'node:assert/strict';
import { test } from 'node:test';

import { analyseLaw, analyseRegions } from '../../../../domain/theory/analysis/analyse-losses.js';
import { expertAgreement } from '../../../../domain/theory/analysis/expert-agreement.js';
import { expertLaw } from '../../../../domain/theory/analysis/laws/expert-law.js';
import { defaultLossSettings } from '../../../../domain/theory/analysis/losses/loss-settings.js';

test('a user’s regions give soft Dice’s corner and cross-entropy’s unbiased prediction', () => {
  // The paper's case N = 1, μ = 4, p = 0.3 < ½: soft Dice leaves β out and loses 4 · 0.3.
  const analysis = analyseRegions(
    [
      { volume: 100, probability: 0, count: 1 },
      { volume: 4, probability: 0.3, count: 1 },
      { volume: 1, probability: 1, count: 1 },
    ],
    defaultLossSettings,
  );
  assert.equal(analysis.truthVolume, 2.2);
  assert.equal(analysis.uncertainVolume, 4);
  const of = (name: string) => analysis.losses.find(({ loss }) => loss === name)?.ownPrediction;
  assert.deepEqual(of('crossEntropy')?.predictions, [0, 0.3, 1]);
  assert.equal(of('crossEntropy')?.volumeBias, 0);
  assert.deepEqual(of('softDice')?.predictions, [0, 0, 1]);
  assert.ok(Math.abs((of('softDice')?.volumeBias as number) + 1.2) < 1e-15);
  assert.ok(Math.abs((of('softDice')?.relativeBias as number) + 1.2 / 2.2) < 1e-15);
  // Truth is γ alone with 0.7 (Dice 1) and β and γ with 0.3 (Dice 2 · 1 / 6).
  assert.ok(Math.abs((of('softDice')?.expectedDice as number) - (0.7 + 0.3 / 3)) < 1e-15);
  assert.ok(Math.abs((of('softDice')?.risk as number) - 0.2) < 1e-15);
});

test('relative bias is null, not a division by zero, where nothing can be in the structure', () => {
  const { losses } = analyseRegions([{ volume: 5, probability: 0, count: 2 }], defaultLossSettings);
  for (const { ownPrediction } of losses) {
    assert.equal(ownPrediction.relativeBias, null);
    assert.equal(ownPrediction.volumeBias, 0);
    assert.equal(ownPrediction.expectedDice, 1);
  }
});

test('experts who agree leave no uncertainty and no bias', () => {
  const mask = Uint8Array.from([0, 1, 1, 0]);
  const agreement = expertAgreement(expertLaw([mask, mask, mask], 0.5).law);
  assert.equal(agreement.expectedPairwiseDice, 1);
  assert.equal(agreement.meanEntropyBits, 0);
  assert.equal(agreement.uncertainVolume, 0);
  const { losses } = analyseLaw(expertLaw([mask, mask, mask], 0.5).law, defaultLossSettings);
  for (const { ownPrediction } of losses) assert.ok(Math.abs(ownPrediction.volumeBias) < 1e-9);
});

test('the agreement of two experts is their Dice, their entropy one bit where they differ', () => {
  const masks = [Uint8Array.from([1, 1, 0, 0]), Uint8Array.from([1, 0, 1, 0])];
  const agreement = expertAgreement(expertLaw(masks, 2).law);
  assert.equal(agreement.expectedPairwiseDice, 0.5);
  assert.equal(agreement.uncertainVolume, 4);
  assert.equal(agreement.unionVolume, 6);
  assert.ok(Math.abs(agreement.meanEntropyBits - 2 / 3) < 1e-15);
  assert.deepEqual(agreement.volumes, [4, 4]);
});

test('one expert alone says nothing about agreement, and empty masks agree', () => {
  assert.throws(() => expertAgreement(expertLaw([new Uint8Array(2)], 1).law), { code: 'ARGUMENT_INVALID' });
  const empty = expertAgreement(expertLaw([new Uint8Array(2), new Uint8Array(2)], 1).law);
  assert.equal(empty.expectedPairwiseDice, 1);
  assert.equal(empty.meanEntropyBits, 0);
});

test('soft Dice over experts equals the mean soft Dice over their masks, voxel by voxel', () => {
  const masks = [
    Uint8Array.from([1, 1, 1, 0, 0, 0]),
    Uint8Array.from([0, 1, 1, 1, 0, 0]),
    Uint8Array.from([0, 1, 0, 1, 1, 0]),
  ];
  const { law, groupOfVoxel } = expertLaw(masks, 1);
  const { losses } = analyseLaw(law, defaultLossSettings);
  const best = losses.find(({ loss }) => loss === 'softDice')?.ownPrediction;
  assert.ok(best?.certified === true);
  const voxels = Array.from(groupOfVoxel, (g) => best.predictions[g] as number);
  const scoreOf = (q: readonly number[]): number =>
    masks.reduce((sum, mask) => {
      const overlap = q.reduce((total, value, i) => total + value * (mask[i] as number), 0);
      const size = q.reduce((total, value) => total + value, 0) + mask.reduce((total, label) => total + label, 0);
      return sum + (2 * overlap) / size / masks.length;
    }, 0);
  assert.ok(Math.abs(scoreOf(voxels) - (1 - best.risk)) < 1e-14);
  // No binary map of the 64 does better.
  for (let bits = 1; bits < 64; bits++) {
    const q = Array.from({ length: 6 }, (_, i) => (bits >> i) & 1);
    assert.ok(scoreOf(q) <= scoreOf(voxels) + 1e-12);
  }
});
