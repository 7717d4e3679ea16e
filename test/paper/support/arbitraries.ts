import fc from 'fast-check';

import type { SymmetricCase } from '../../../domain/theory/prediction/symmetric-case.js';

/** 0, 1, or anything between that is not lost beside 1 in double precision. */
export const probabilityArbitrary = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(0, 1) },
  { weight: 9, arbitrary: fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }) },
);

/** Up to six unlike regions. */
export const regionsArbitrary = fc.array(
  fc.record({
    volume: fc.double({ min: 0.01, max: 100, noNaN: true }),
    probability: probabilityArbitrary,
    count: fc.constant(1),
  }),
  { minLength: 1, maxLength: 6 },
);

/** N from 1 to 32 regions of total volume μ from 1/50 to 50 round a core of 1. */
export const symmetricArbitrary: fc.Arbitrary<SymmetricCase> = fc.record({
  coreVolume: fc.constant(1),
  uncertainVolume: fc.double({ min: 0.02, max: 50, noNaN: true }),
  regions: fc.integer({ min: 1, max: 32 }),
  probability: probabilityArbitrary,
});
