import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import { lossSchema } from '../../../configs/loss-schema.js';
import { lossName, lossNamed, type LossChoice } from '../../../domain/training/losses/loss-choice.js';

const number = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
const share = fc.double({ min: 1e-9, max: 0.999, noNaN: true });
const losses: fc.Arbitrary<LossChoice> = fc.oneof(
  fc.constantFrom(...(['ce', 'sd', 'batchSd', 'squaredSd'] as const)),
  fc.constantFrom(...(['softJaccard', 'generalisedDice', 'diceSemimetric', 'lovaszHinge'] as const)),
  number.map((epsilon) => ({ kind: 'smoothedSd' as const, epsilon })),
  fc.tuple(number, number).map(([alpha, beta]) => ({ kind: 'tversky' as const, alpha, beta })),
  number.map((gamma) => ({ kind: 'focal' as const, gamma })),
  share.map((weight) => ({ kind: 'ceSd' as const, weight })),
);

describe('the name of a loss', () => {
  it('is its kind and its parameters', () => {
    assert.equal(lossName('sd'), 'sd');
    assert.equal(lossName({ kind: 'tversky', alpha: 0.3, beta: 0.7 }), 'tversky-0.3-0.7');
    assert.equal(lossName({ kind: 'smoothedSd', epsilon: 1e-8 }), 'smoothedSd-1e-8');
  });

  it('says all about the loss, and each loss that a config may state has one', () => {
    fc.assert(
      fc.property(losses, (loss) => {
        assert.deepEqual(lossSchema.parse(loss), loss);
        assert.deepEqual(lossNamed(lossName(loss)), loss);
        // As a part of a unit's id.
        assert.match(lossName(loss), /^[a-zA-Z0-9.+-]+$/);
      }),
    );
  });

  it('that no loss has is refused', () => {
    for (const name of ['', 'dice', 'focal', 'focal-2-3', 'ceSd-0.50', 'tversky-0.3', 'sd-1', 'focal-NaN']) {
      assert.throws(() => lossNamed(name), { code: 'ARGUMENT_INVALID' }, name);
    }
  });
});
