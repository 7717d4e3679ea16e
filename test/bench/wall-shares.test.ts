import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { idleSeconds, wallShares } from './wall-shares.js';

describe('the shares of a wall time', () => {
  it('are split among the units that run at the same time, and sum to it', () => {
    const spans = [
      { step: 'scan', begin: 1, end: 3 },
      { step: 'train', begin: 2, end: 6 },
      { step: 'train', begin: 2, end: 4 },
    ];
    // 0–1 and 6–10: nothing; 1–2: scan; 2–3: a third each; 3–6: trainings.
    const shares = wallShares(spans, 10);
    const expected = [
      [undefined, 5],
      ['scan', 1 + 1 / 3],
      ['train', 2 / 3 + 3],
    ] as const;
    assert.equal(shares.size, expected.length);
    for (const [step, seconds] of expected) assert.ok(Math.abs((shares.get(step) ?? NaN) - seconds) < 1e-12, step);
  });

  it('leave out what lies outside of it', () => {
    assert.deepEqual([...wallShares([{ step: 'scan', begin: -1, end: 9 }], 4)], [['scan', 4]]);
  });

  it('are of no step where none runs', () => {
    assert.deepEqual([...wallShares([], 4)], [[undefined, 4]]);
  });

  it('say how long slots are idle between the first unit and the last', () => {
    const spans = [
      { step: 'train', begin: 2, end: 6 },
      { step: 'train', begin: 3, end: 5 },
    ];
    // Two slots of four seconds each, of which six seconds are used: one second of each is not.
    assert.equal(idleSeconds(spans, 2), 1);
  });
});
