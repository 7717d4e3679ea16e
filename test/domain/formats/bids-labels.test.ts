import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { bidsLabels } from '../../../domain/formats/bids-labels.js';

const labelsOf = (...names: string[]): Record<string, string> => Object.fromEntries(bidsLabels(names));

describe('labels of BIDS', () => {
  it('have letters and digits only, and differ where names differ', () => {
    assert.deepEqual(labelsOf('sub-01', 'p_2', 'p-2', 'p2', 'Ä', '日本', 'p-2'), {
      ...{ 'sub-01': '01', p2: 'p2', 'p-2': 'p2x2', p_2: 'p2x3', Ä: 'x', 日本: 'xx2' },
    });
  });

  it('differ ignoring case, as disks of macOS and Windows ask', () => {
    assert.deepEqual(labelsOf('c01', 'C01', 'c-02', 'C-02', 'C02x2'), {
      ...{ C01: 'C01', c01: 'c01x2', 'C-02': 'C02', 'c-02': 'c02x3', C02x2: 'C02x2' },
    });
  });

  it('are the names that are labels already; others give way, also those with a number behind', () => {
    assert.deepEqual(labelsOf('c 01', 'c-01', 'c01', 'c01x2'), {
      ...{ c01: 'c01', c01x2: 'c01x2', 'c 01': 'c01x3', 'c-01': 'c01x4' },
    });
    assert.deepEqual(labelsOf('sub-t1', 't1', 's.1', 'sub-s1'), {
      ...{ t1: 't1', 'sub-t1': 't1x2', 'sub-s1': 's1', 's.1': 's1x2' },
    });
  });

  it('are valid, distinct and independent of the order of names, whatever these are', () => {
    const names = fc.array(fc.oneof(fc.string(), fc.stringMatching(/^(sub-)?[aA .][1x]?2?$/)));
    fc.assert(
      fc.property(names, (some) => {
        const labels = bidsLabels(some);
        const all = [...labels.values()];
        assert.deepEqual(new Set(labels.keys()), new Set(some));
        assert.ok(all.every((label) => /^[0-9a-zA-Z]+$/.test(label)));
        assert.equal(new Set(all.map((label) => label.toLowerCase())).size, all.length);
        assert.deepEqual(new Map(bidsLabels(some.toReversed())), new Map(labels));
      }),
    );
  });
});
