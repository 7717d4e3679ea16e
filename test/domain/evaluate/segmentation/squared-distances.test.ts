import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { squaredDistances } from '../../../../domain/evaluate/segmentation/squared-distances.js';
import type { Triple } from '../../../../domain/image/grid.js';

const length = fc.integer({ min: 1, max: 6 });
const step = fc.double({ min: 0.1, max: 5, noNaN: true });

function placeOf(index: number, [sizeX, sizeY]: Triple): Triple {
  return [index % sizeX, Math.floor(index / sizeX) % sizeY, Math.floor(index / (sizeX * sizeY))];
}

describe('squaredDistances', () => {
  it('finds the nearest of all seeds, for any spacing', () => {
    const question = fc
      .tuple(fc.tuple(length, length, length), fc.tuple(step, step, step))
      .chain(([shape, spacingMm]) => {
        const bits = fc.array(fc.boolean(), {
          minLength: shape[0] * shape[1] * shape[2],
          maxLength: shape[0] * shape[1] * shape[2],
        });
        return fc.record({ shape: fc.constant(shape), spacingMm: fc.constant(spacingMm), seeds: bits, asked: bits });
      });
    fc.assert(
      fc.property(question, ({ shape, spacingMm, seeds, asked }) => {
        const bytes = (bits: readonly boolean[]): Uint8Array => Uint8Array.from(bits, Number);
        const found = squaredDistances({ seeds: bytes(seeds), asked: bytes(asked), shape, spacingMm });
        for (const [index, isAsked] of asked.entries()) {
          if (!isAsked) continue;
          const place = placeOf(index, shape);
          const nearest = seeds.reduce((least, isSeed, other) => {
            const [x, y, z] = placeOf(other, shape).map(
              (at, axis) => (at - (place[axis] ?? NaN)) * (spacingMm[axis] ?? NaN),
            );
            return isSeed ? Math.min(least, (x ?? NaN) ** 2 + (y ?? NaN) ** 2 + (z ?? NaN) ** 2) : least;
          }, Infinity);
          const value = found[index] ?? NaN;
          assert.ok(value === nearest || Math.abs(value - nearest) < 1e-12 * nearest, `${value} is not ${nearest}`);
        }
      }),
    );
  });
});
