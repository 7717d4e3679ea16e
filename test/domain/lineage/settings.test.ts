import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { settingChanges, settingsOf } from '../../../domain/lineage/settings.js';

describe('settings', () => {
  it('are named by their path, lists of plain values whole', () => {
    const settings = { stop: { patienceEpochs: 5 }, crop: [27, 27], parts: [{ a: 1 }, { a: 2 }], none: {}, seed: 1 };
    assert.deepEqual(
      settingsOf(settings).map(({ name, value }) => [name, value]),
      [
        ['crop', [27, 27]],
        ['none', {}],
        ['parts.0.a', 1],
        ['parts.1.a', 2],
        ['seed', 1],
        ['stop.patienceEpochs', 5],
      ],
    );
    assert.deepEqual(settingsOf({}), []);
  });

  it('differ where one is changed, added or removed, not where their order differs', () => {
    const before = { seed: 1, stop: { patienceEpochs: 5 }, crop: [27, 27], augmentation: 'none' };
    const now = { crop: [27, 28], stop: { patienceEpochs: 5 }, seed: 1, softDice: { empty: 'skip' } };
    assert.deepEqual(settingChanges(before, now), [
      { name: 'augmentation', before: 'none', now: undefined },
      { name: 'crop', before: [27, 27], now: [27, 28] },
      { name: 'softDice.empty', before: undefined, now: 'skip' },
    ]);
    assert.deepEqual(settingChanges(before, { ...before }), []);
  });
});
