import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { symmetricOptimum } from '../../domain/theory/prediction/symmetric-case.js';

// "With μ increasing, the optimal loss value increases (A1-A3) and the volumetric bias increases (A4)." (Fig. 1, N = 1)

const growing = fc
  .tuple(fc.double({ min: 0.02, max: 50, noNaN: true }), fc.double({ min: 1.01, max: 10, noNaN: true }))
  .map(([mu, factor]) => [mu, mu * factor] as const);
const uncertain = fc.double({ min: 0.01, max: 0.99, noNaN: true });

test('the least risk grows with the volume ratio, for any number of regions', () => {
  fc.assert(
    fc.property(growing, uncertain, fc.integer({ min: 1, max: 16 }), ([small, large], probability, regions) => {
      const at = (uncertainVolume: number): number =>
        symmetricOptimum({ coreVolume: 1, uncertainVolume, regions, probability }).risk;
      assert.ok(at(large) > at(small));
    }),
    { numRuns: 300 },
  );
});

test('the bias of one region grows with the volume ratio', () => {
  fc.assert(
    fc.property(growing, uncertain, ([small, large], probability) => {
      const at = (uncertainVolume: number): number =>
        Math.abs(symmetricOptimum({ coreVolume: 1, uncertainVolume, regions: 1, probability }).volumeBias);
      // At one half itself the side of the tie is rounding's choice; the size is not.
      assert.ok(at(large) > at(small));
    }),
  );
});
