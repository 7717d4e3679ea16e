import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { lossName, type LossChoice } from '../../../domain/training/losses/loss-choice.js';
import { chooseLoss } from '../../../learning/losses/choose-loss.js';
import { fixturesFolder } from '../../support/paths.js';
import { tensorValue } from '../support/losses/pairs.js';

// Made by loss_values.py beside it, in double precision.
const fixture = JSON.parse(readFileSync(join(fixturesFolder, 'learning', 'loss-values.json'), 'utf8')) as {
  readonly logits: readonly (readonly number[])[];
  readonly truths: Readonly<Record<'hard' | 'soft', readonly (readonly number[])[]>>;
  readonly counted: readonly (readonly number[])[];
  readonly results: readonly {
    readonly loss: LossChoice;
    readonly truth: 'hard' | 'soft';
    readonly value: number;
    readonly gradient: readonly number[];
  }[];
};

for (const { loss, truth, value, gradient } of fixture.results) {
  test(`${lossName(loss)} and its gradient agree with PyTorch, for ${truth} truths`, () => {
    const images = fixture.logits.map((logits, k) => ({
      logits,
      truth: fixture.truths[truth][k] as readonly number[],
      mask: fixture.counted[k] as readonly number[],
    }));
    const tensorLoss = chooseLoss(loss, { softDice: { epsilon: 1e-7, reduction: 'image' } });
    const ours = tensorValue(tensorLoss, images);
    assert.ok(Math.abs(ours.value - value) <= 1e-6 * value, `${String(ours.value)} instead of ${String(value)}`);
    const largest = Math.max(...gradient.map(Math.abs));
    gradient.forEach((expected, i) => {
      const difference = Math.abs((ours.gradient[i] as number) - expected);
      assert.ok(difference <= 2e-6 * largest, `voxel ${String(i)}: ${String(ours.gradient[i])}, ${String(expected)}`);
    });
  });
}

test('PyTorch has computed every kind of loss', () => {
  const kinds = new Set(fixture.results.map(({ loss }) => (typeof loss === 'string' ? loss : loss.kind)));
  assert.equal(kinds.size, 12);
});
