import assert from 'node:assert/strict';
import { test } from 'node:test';

import { answerTheory, type TheoryFlags } from '../../../cli/theory/answer-theory.js';
import type { LossOutcome, RegionAnalysis } from '../../../domain/theory/analysis/analyse-losses.js';
import type { SymmetricOptimum } from '../../../domain/theory/prediction/symmetric-case.js';
import { theoryFlags } from '../../support/theory/theory-flags.js';

/** The outcome of each loss's minimiser if the network cannot tell the uncertain regions apart. */
async function outcomesOf(flags: Partial<TheoryFlags>): Promise<ReadonlyMap<string, LossOutcome>> {
  const { json } = await answerTheory({ ...theoryFlags, ...flags });
  const { losses } = json as RegionAnalysis;
  return new Map(losses.map(({ loss, onePrediction }) => [loss, onePrediction]));
}

test('a tiny uncertain volume is predicted like a small one, and printed with enough digits', async () => {
  // To first order in μ each loss's risk is μ times a function of p̂ and p alone, so p̂ no longer changes.
  for (const p of ['0.1', '0.45', '0.9']) {
    const [small, tiny] = [await outcomesOf({ n: '4', mu: '1e-6', p }), await outcomesOf({ n: '4', mu: '1e-60', p })];
    for (const [loss, { predictions, volumeBias, risk }] of tiny) {
      const reference = small.get(loss) as LossOutcome;
      const near = (found: number, expected: number): void => {
        assert.ok(Math.abs(found - expected) <= 1e-4 * Math.abs(expected) + 1e-6, `${loss}, p = ${p}`);
      };
      near(predictions[0] as number, reference.predictions[0] as number);
      near(volumeBias * 1e60, reference.volumeBias * 1e6);
      near(risk * 1e60, reference.risk * 1e6);
    }
  }
  const { text, json } = await answerTheory({ ...theoryFlags, n: '4', mu: '1e-14', p: '0.9' });
  assert.equal((json as SymmetricOptimum).optimalPrediction, 1);
  assert.match(text, /volume bias ΔV {8}\+1\.0000e-15/);
  assert.match(text, /│ soft Dice +│ 1 1 0 +│ 1\.0000 +│ \+1\.0000e-15 +│ \+1\.00e-13 +│/);
  assert.match(text, /│ cross-entropy +│ 0\.9 1 0 +│ 1\.0000 +│ 0 +│ 0 +│/);
});

test('a vast uncertain volume gives the predictions of a structure without a core', async () => {
  for (const p of ['0.1', '0.4', '0.9']) {
    const [large, vast] = [await outcomesOf({ n: '4', mu: '1e8', p }), await outcomesOf({ n: '4', mu: '1e85', p })];
    for (const [loss, { predictions, risk, expectedDice, expectedSoftDice }] of vast) {
      const reference = large.get(loss) as LossOutcome;
      const pairs = [
        [predictions[0] as number, reference.predictions[0] as number],
        [risk, reference.risk],
        [expectedDice, reference.expectedDice],
        [expectedSoftDice, reference.expectedSoftDice],
      ] as const;
      for (const [found, expected] of pairs) assert.ok(Math.abs(found - expected) < 1e-5, `${loss}, p = ${p}`);
    }
  }
});

test('an exact tie is named, with both biases', async () => {
  const { text, json } = await answerTheory({ ...theoryFlags, n: '1', mu: '1', p: '0.5' });
  assert.equal((json as SymmetricOptimum).tie, true);
  assert.match(text, /soft Dice predicts {4}a tie: p̂ = 0 and p̂ = 1 have the same risk/);
  assert.match(text, /volume bias ΔV {8}-0\.50000 or \+0\.50000/);
  assert.match(text, /│ soft Dice \(tie\) +│ 0 1 0/);
  assert.match(text, /│ soft Jaccard \(tie\) +│ 0 1 0/);
  assert.match(text, /^tie: a larger prediction has the same risk/m);
  // Very close to it, there is no tie.
  for (const p of ['0.499999999', '0.500000001']) {
    const beside = await answerTheory({ ...theoryFlags, n: '1', mu: '1', p });
    assert.equal((beside.json as SymmetricOptimum).tie, false);
    assert.doesNotMatch(beside.text, /tie/);
  }
});

test('numbers that depend on sampled outcomes are shown with their standard errors', async () => {
  // Three groups of volumes without a common unit, with 121³ outcomes.
  const regions = `120*1:0.2,120*${Math.SQRT2}:0.4,120*${Math.sqrt(3)}:0.6,50:1`;
  const { text, json } = await answerTheory({ ...theoryFlags, regions });
  const error = String.raw` ± \de-\d +│`;
  for (const loss of ['soft Dice', '0.5 CE \\+ 0.5 soft Dice']) {
    const row = new RegExp(`│ ${loss} +│[^│]*│[^│]*│[^│]*│[^│]*│ 0\\.\\d+${error} 0\\.\\d+${error} 0\\.\\d+${error}`);
    assert.match(text, row);
  }
  const { losses } = json as RegionAnalysis;
  const [ce, sd, both] = ['crossEntropy', 'softDice', 'crossEntropySoftDice'].map(
    (name) => losses.find(({ loss }) => loss === name)?.onePrediction as LossOutcome,
  ) as [LossOutcome, LossOutcome, LossOutcome];
  assert.equal(ce.riskStandardError, 0, 'the risk of cross-entropy depends on the probabilities alone');
  assert.equal(sd.softDiceStandardError, sd.riskStandardError);
  assert.ok(Math.abs(both.riskStandardError - both.softDiceStandardError / 2) < 1e-12);
});

test('a million regions take less than five seconds', async () => {
  const start = performance.now();
  const { losses } = (await answerTheory({ ...theoryFlags, n: '1000000', mu: '1', p: '0.5' })).json as RegionAnalysis;
  // Takes about one second; the limit allows for busy machines. All outcomes at once took twenty seconds.
  assert.ok(performance.now() - start < 5000);
  assert.deepEqual([...new Set(losses.map(({ law }) => law))], ['outcomes']);
});
