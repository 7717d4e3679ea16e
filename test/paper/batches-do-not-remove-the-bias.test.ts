import assert from 'node:assert/strict';
import { test } from 'node:test';

import { regionLaw } from '../../domain/theory/analysis/laws/region-law.js';
import { expectedTruthVolume, predictedVolume } from '../../domain/theory/analysis/laws/outcome-law.js';
import { softDice } from '../../domain/theory/analysis/losses/ratio-loss.js';
import { batchedRegions, paperRegions } from '../../domain/theory/analysis/region.js';
import { switchProbability } from '../../domain/theory/analysis/switch-probability.js';
import { symmetricOptimum } from '../../domain/theory/prediction/symmetric-case.js';

// Beyond the paper: sums over B like images before the ratio make N regions B · N, so the switch point moves on towards
// its limit and the bias stays.

test('batch soft Dice over B images of N regions is soft Dice over one image of B · N', () => {
  for (const [n, batch] of [
    [1, 4],
    [4, 4],
    [4, 64],
  ] as const) {
    for (const mu of [0.25, 1, 4]) {
      const all = switchProbability({ coreVolume: 1, uncertainVolume: mu, regions: n * batch });
      for (const probability of [all - 0.01, all + 0.01]) {
        const law = regionLaw(batchedRegions(paperRegions(mu, n, probability), batch));
        const { predictions, risk } = softDice({ batch }).minimise(law);
        const one = symmetricOptimum({ coreVolume: 1, uncertainVolume: mu, regions: n * batch, probability });
        assert.ok(Math.abs(risk - one.risk) < 1e-12);
        assert.ok(Math.abs(predictedVolume(law, predictions) - expectedTruthVolume(law) - one.volumeBias) < 1e-9);
      }
    }
  }
});
