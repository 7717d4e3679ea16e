import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { linearScale, paddedDomain, ticksOf } from '../../../domain/figures/scale.js';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 20 });

describe('figure scales', () => {
  it('have a domain that holds 0 and every value, and ticks inside it with 0 among them', () => {
    fc.assert(
      fc.property(values, (numbers) => {
        const domain = paddedDomain(numbers, 0.1);
        assert.ok(domain[0] < domain[1] && domain[0] <= 0 && domain[1] >= 0);
        for (const number of numbers) assert.ok(number >= domain[0] && number <= domain[1]);
        const ticks = ticksOf(linearScale(domain, [0, 1]));
        assert.ok(ticks.length >= 2 && ticks.length <= 8, `${ticks.length} ticks`);
        assert.ok(ticks.some(({ value }) => value === 0));
        for (const { value } of ticks) assert.ok(value >= domain[0] * (1 + 1e-9) && value <= domain[1] * (1 + 1e-9));
        assert.equal(new Set(ticks.map(({ label }) => label)).size, ticks.length);
      }),
    );
  });

  it('write ticks as round numbers', () => {
    assert.deepEqual(
      ticksOf(linearScale([-0.25, 0.6], [0, 1])).map(({ label }) => label),
      ['−0.2', '0.0', '0.2', '0.4', '0.6'],
    );
    assert.deepEqual(
      ticksOf(linearScale([0, 100], [0, 1])).map(({ label }) => label),
      ['0', '20', '40', '60', '80', '100'],
    );
  });

  it('map a domain onto a range', () => {
    assert.equal(linearScale([0, 10], [100, 200])(2.5), 125);
    assert.equal(linearScale([0, 10], [200, 100])(2.5), 175);
  });
});
