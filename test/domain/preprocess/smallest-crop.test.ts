import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import fc from 'fast-check';

import type { Triple } from '../../../domain/image/grid.js';
import { smallestCrop } from '../../../domain/preprocess/smallest-crop.js';

const size = fc.integer({ min: 1, max: 500 });
const shapes = fc.array(fc.tuple(size, size, size), { minLength: 1, maxLength: 8 });

describe('the smallest crop', () => {
  it('holds every shape, is a multiple, and one multiple less would not hold them all', () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom(1, 3, 27), (all: readonly Triple[], multiple) => {
        smallestCrop(all, multiple).forEach((length, axis) => {
          const along = all.map((shape) => shape[axis] ?? 0);
          assert.equal(length % multiple, 0);
          assert.ok(along.every((one) => one <= length));
          assert.ok(along.some((one) => one > length - multiple));
        });
      }),
    );
  });
});
