import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { train } from '../../steps/train.js';
import { contentOf, finalKeys, parsedTinyConfig } from '../support/sweeps/plan-of.js';

describe('an arm whose loss has parameters', () => {
  it('has them in its units’ ids, and other parameters change no other arm’s keys', () => {
    const withWeight = (weight: number): Map<string, string> =>
      finalKeys(parsedTinyConfig({ losses: ['ce', 'sd', { kind: 'ceSd', weight }] }));
    const [half, most] = [withWeight(0.5), withWeight(0.9)];
    assert.ok(half.has('train flat/lr/ceSd-0.5/fold-1') && most.has('train flat/lr/ceSd-0.9/fold-1'));
    const trainings = (all: Map<string, string>): string[] =>
      [...all].flatMap(([id, key]) => (id.startsWith('train ') ? [key] : []));
    const shared = trainings(half).filter((key) => trainings(most).includes(key));
    // Those of the tiny config, which has no other losses.
    assert.deepEqual(shared, trainings(finalKeys(parsedTinyConfig())));
    assert.equal(trainings(half).length, shared.length + 4);
  });

  it('reads the settings of soft Dice no more than cross-entropy does', () => {
    const losses = ['ce', 'sd', 'batchSd', 'softJaccard', { kind: 'smoothedSd', epsilon: 10 }];
    const content = contentOf(parsedTinyConfig({ losses }));
    const settings = (loss: string): object => train.settingsAt(content, { dataSet: 'flat', model: 'lr', loss });
    assert.ok('softDice' in settings('sd'));
    for (const loss of ['batchSd', 'softJaccard', 'smoothedSd-10']) assert.deepEqual(settings(loss), settings('ce'));
  });
});
