import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { squaredDistances } from '../../../../domain/evaluate/segmentation/squared-distances.js';
import type { Triple } from '../../../../domain/image/grid.js';

const length = fc.integer({ min: 1, max: 6 });
const step = fc.double({ min: 0.1, max: 5, noNaN: true });
/** Squares of distances on such grids have no rounding, so that points may be looked for one by one. */
const exactStep = fc.constantFrom(0.5, 0.9375, 1, 3);

function placeOf(index: number, [sizeX, sizeY]: Triple): Triple {
  return [index % sizeX, Math.floor(index / sizeX) % sizeY, Math.floor(index / (sizeX * sizeY))];
}

/** To the nearest of all seeds; Infinity without any. */
function nearestTo(
  index: number,
  seeds: readonly boolean[],
  { shape, spacingMm }: Record<'shape' | 'spacingMm', Triple>,
) {
  const place = placeOf(index, shape);
  return seeds.reduce((least, isSeed, other) => {
    if (!isSeed) return least;
    const apart = placeOf(other, shape).map((at, axis) => (at - (place[axis] ?? NaN)) * (spacingMm[axis] ?? NaN));
    return Math.min(
      least,
      apart.reduce((sum, one) => sum + one * one, 0),
    );
  }, Infinity);
}

/** `share`: how many of a hundred points are seeds, and how many are asked for. */
const questionOf = (lengths: fc.Arbitrary<number>, steps: fc.Arbitrary<number>, share: fc.Arbitrary<number>) =>
  fc
    .tuple(fc.tuple(lengths, lengths, lengths), fc.tuple(steps, steps, steps), share)
    .chain(([shape, spacingMm, percentage]) => {
      const count = shape[0] * shape[1] * shape[2];
      const bit = fc.integer({ min: 1, max: 100 }).map((value) => value <= percentage);
      const bits = fc.array(bit, { minLength: count, maxLength: count });
      return fc.record({ shape: fc.constant(shape), spacingMm: fc.constant(spacingMm), seeds: bits, asked: bits });
    });

const bytes = (bits: readonly boolean[]): Uint8Array => Uint8Array.from(bits, Number);

describe('squaredDistances', () => {
  it('finds the nearest of all seeds, for any spacing', () => {
    fc.assert(
      fc.property(questionOf(length, step, fc.constant(50)), ({ seeds, asked, ...place }) => {
        const found = squaredDistances({ seeds: bytes(seeds), asked: bytes(asked), ...place });
        for (const [index, isAsked] of asked.entries()) {
          if (!isAsked) continue;
          const [value, nearest] = [found[index] ?? NaN, nearestTo(index, seeds, place)];
          assert.ok(value === nearest || Math.abs(value - nearest) < 1e-12 * nearest, `${value} is not ${nearest}`);
        }
      }),
    );
  });

  it('is exact where squares are, be seeds many, few or far away', () => {
    const lengths = fc.constantFrom(1, 2, 5, 24);
    const share = fc.constantFrom(0, 1, 10, 60, 100);
    fc.assert(
      fc.property(questionOf(lengths, exactStep, share), ({ seeds, asked, ...place }) => {
        const found = squaredDistances({ seeds: bytes(seeds), asked: bytes(asked), ...place });
        const some = [...asked.keys()].filter((index) => asked[index] === true).slice(0, 50);
        for (const index of some) assert.equal(found[index], nearestTo(index, seeds, place));
      }),
      { numRuns: 60 },
    );
    // A seed at one end of a line is too far from the other for a search point by point.
    const line = new Uint8Array(300).fill(1, 299);
    const found = squaredDistances({
      ...{ seeds: line, asked: new Uint8Array(300).fill(1), shape: [1, 300, 1], spacingMm: [1, 0.5, 1] },
    });
    assert.deepEqual(
      [...found],
      [...found.keys()].map((index) => ((299 - index) / 2) ** 2),
    );
  });
});
