import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { changedUnits, finalKeys, parsedTinyConfig } from '../support/sweeps/plan-of.js';

const keys = finalKeys(parsedTinyConfig());

describe('training.repeats', () => {
  it('adds trainings with keys of their own, and changes only what joins them', () => {
    const thrice = finalKeys(parsedTinyConfig({ training: { repeats: 3 } }));
    const added = [...thrice].filter(([id]) => !keys.has(id));
    assert.equal(added.length, 2 * 2 * 8);
    assert.ok(added.every(([id]) => /^(train|evaluate) flat\/\w+\/\w+\/fold-\d\/repeat-[12]$/.test(id)));
    assert.equal(new Set(thrice.values()).size, thrice.size);
    const changed = [...keys].filter(([id, key]) => thrice.get(id) !== key).map(([id]) => id);
    assert.deepEqual(changed, ['join flat', 'compare flat', 'report']);
    const twice = finalKeys(parsedTinyConfig({ training: { repeats: 2 } }));
    for (const [id, key] of twice) if (/^(train|evaluate) /.test(id)) assert.equal(thrice.get(id), key, id);
  });

  it('of 1 changes nothing, not even the report', () => {
    assert.deepEqual(changedUnits(keys, finalKeys(parsedTinyConfig({ training: { repeats: 1 } }))), []);
  });
});
