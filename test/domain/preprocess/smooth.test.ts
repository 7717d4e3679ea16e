import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Triple } from '../../../domain/image/grid.js';
import { smoothForSpacing } from '../../../domain/preprocess/smooth.js';
import { gridOf } from '../../support/images/image-fixtures.js';

/** One line along z, so that only that axis matters. */
function smoothedLine(line: readonly number[], factor: number): number[] {
  const grid = gridOf([1, 1, line.length], [factor, factor, 1]);
  return [...smoothForSpacing({ grid, values: Float32Array.from(line) }, factor)];
}

/**
 * Σ w(d) v(i + d) / Σ w(d) for d from −r to r, with w(d) = exp(−d²/2σ²), σ² = (f² − 1)/12, r = ⌊4σ + ½⌋, and the first and
 * last value repeated beyond the ends.
 */
function byDefinition(line: readonly number[], factor: number): number[] {
  const deviation = Math.sqrt((factor ** 2 - 1) / 12);
  const radius = Math.floor(4 * deviation + 0.5);
  return line.map((_, at) => {
    let [sum, weights] = [0, 0];
    for (let distance = -radius; distance <= radius; distance++) {
      const weight = Math.exp(-0.5 * (distance / deviation) ** 2);
      sum += weight * (line[Math.min(Math.max(at + distance, 0), line.length - 1)] ?? NaN);
      weights += weight;
    }
    return sum / weights;
  });
}

describe('smoothing along an axis that is shorter than the kernel', () => {
  const line = [3, -1, 4, 1, -5, 9, 2];
  for (const factor of [2, 5, 7, 40, 200_000]) {
    for (const length of [1, 2, 7]) {
      it(`of ${length} voxels gives what the definition gives at ${factor} times the spacing`, () => {
        const short = line.slice(0, length);
        const expected = byDefinition(short, factor);
        for (const [at, value] of smoothedLine(short, factor).entries()) {
          assert.ok(Math.abs(value - (expected[at] ?? NaN)) < 1e-6, `${value}, not ${String(expected[at])}, at ${at}`);
        }
      });
    }
  }

  it('takes no longer and no more memory however small the voxels are: the mean of the ends remains', () => {
    const shape: Triple = [10, 10, 10];
    const values = Float32Array.from({ length: 1000 }, (_, at) => at);
    for (const tiny of [1e-30, 1e-200, 1e-320]) {
      const smoothed = smoothForSpacing({ grid: gridOf(shape, [tiny, tiny, tiny]), values }, 2);
      for (const value of smoothed) assert.ok(Math.abs(value - 499.5) < 1e-3, `${value} at ${tiny} mm`);
    }
  });
});
