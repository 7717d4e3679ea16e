import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { randomStream, type RandomStream } from '../../../domain/random/random-stream.js';
import type { BootstrapEstimate } from '../../../domain/statistics/bootstrap-estimate.js';
import { pairedBootstraps } from '../../../domain/statistics/paired-bootstrap.js';
import { quantileOfSorted } from '../../../domain/statistics/quantile.js';
import { fixturesFolder } from '../../support/paths.js';
import { bootstrapOfOne } from './support/bootstrap-of-one.js';

interface Reference {
  readonly differences: number[];
  readonly groups: string[];
  readonly confidence: number;
  readonly mean: number;
  readonly interval: [number, number];
  readonly pValue: number;
}

const fixture = JSON.parse(readFileSync(join(fixturesFolder, 'statistics', 'bootstrap.json'), 'utf8')) as {
  exact: Reference & { indices: number[][] };
  scipy: (Reference & { resamples: number; standardError: number })[];
};

/** A stream that replays the given numbers as `integerBelow`. */
function replay(numbers: readonly number[]): RandomStream {
  let next = 0;
  return { ...randomStream('unused'), integerBelow: () => numbers[next++] ?? Number.NaN };
}

function estimate(differences: readonly number[], groups: readonly string[], resamples = 200): BootstrapEstimate {
  return bootstrapOfOne({ differences, groups, resamples, random: randomStream(7, 'test') });
}

function close(a: number, b: number, tolerance: number): void {
  assert.ok(Math.abs(a - b) <= tolerance, `${a} is not within ${tolerance} of ${b}`);
}

const sample = fc.array(
  fc.record({
    difference: fc.double({ min: -100, max: 100, noNaN: true }),
    group: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  }),
  { minLength: 1, maxLength: 30 },
);

describe('pairedBootstraps', () => {
  it('agrees with NumPy to rounding when it draws the same groups', () => {
    const { indices, ...reference } = fixture.exact;
    const result = bootstrapOfOne({ ...reference, resamples: indices.length, random: replay(indices.flat()) });
    close(result.mean, reference.mean, 1e-12);
    close(result.pValue, reference.pValue, 1e-12);
    close(result.interval?.[0] ?? NaN, reference.interval[0], 1e-12);
    close(result.interval?.[1] ?? NaN, reference.interval[1], 1e-12);
    assert.deepEqual([result.cases, result.groups], [10, 7]);
  });

  it("agrees with scipy.stats.bootstrap within five Monte Carlo errors, for single cases and for participants' groups", () => {
    for (const reference of fixture.scipy) {
      const result = bootstrapOfOne({ ...reference, random: randomStream(1, 'against SciPy') });
      close(result.mean, reference.mean, 1e-12);
      // A quantile at tail t of B samples of a near normal mean has the error √(t(1 − t)/B) / density(t).
      const tail = (1 - reference.confidence) / 2;
      const density = tail < 0.03 ? 0.058 : 0.103; // of the standard normal at 2.5 % and 5 %
      const error =
        (Math.sqrt((tail * (1 - tail)) / reference.resamples) / density) * reference.standardError * Math.SQRT2;
      close(result.interval?.[0] ?? NaN, reference.interval[0], 5 * error);
      close(result.interval?.[1] ?? NaN, reference.interval[1], 5 * error);
      const halfP = reference.pValue / 2;
      close(result.pValue, reference.pValue, 5 * 2 * Math.sqrt((2 * halfP * (1 - halfP)) / reference.resamples));
    }
  });

  it('gives the same p and the mirrored interval when every difference changes its sign', () => {
    fc.assert(
      fc.property(sample, (cases) => {
        const groups = cases.map((c) => c.group);
        const result = estimate(
          cases.map((c) => c.difference),
          groups,
        );
        const mirrored = estimate(
          cases.map((c) => -c.difference),
          groups,
        );
        close(mirrored.mean, -result.mean, 1e-12);
        assert.equal(mirrored.pValue, result.pValue);
        if (result.interval !== null) {
          close(mirrored.interval?.[0] ?? NaN, -result.interval[1], 1e-9);
          close(mirrored.interval?.[1] ?? NaN, -result.interval[0], 1e-9);
        }
      }),
    );
  });

  it('shifts mean and interval by a constant added to every difference', () => {
    fc.assert(
      fc.property(sample, fc.double({ min: -50, max: 50, noNaN: true }), (cases, shift) => {
        const groups = cases.map((c) => c.group);
        const result = estimate(
          cases.map((c) => c.difference),
          groups,
        );
        const shifted = estimate(
          cases.map((c) => c.difference + shift),
          groups,
        );
        close(shifted.mean, result.mean + shift, 1e-9);
        assert.equal(shifted.interval === null, result.interval === null);
        if (result.interval !== null) {
          close(shifted.interval?.[0] ?? NaN, result.interval[0] + shift, 1e-9);
          close(shifted.interval?.[1] ?? NaN, result.interval[1] + shift, 1e-9);
        }
      }),
    );
  });

  it('is blind to the order of cases, but for rounding', () => {
    fc.assert(
      fc.property(sample, (cases) => {
        const result = estimate(
          cases.map((c) => c.difference),
          cases.map((c) => c.group),
        );
        const reversed = cases.toReversed();
        const backward = estimate(
          reversed.map((c) => c.difference),
          reversed.map((c) => c.group),
        );
        close(backward.mean, result.mean, 1e-10);
        if (result.interval !== null) close(backward.interval?.[0] ?? NaN, result.interval[0], 1e-9);
      }),
    );
  });

  it('finds no significance, p = 1, where every difference is 0', () => {
    const result = estimate(new Array<number>(12).fill(0), Array.from('abcdefghijkl'));
    assert.deepEqual([result.mean, result.pValue, result.interval], [0, 1, [0, 0]]);
  });

  it('claims nothing from a single participant, however many cases', () => {
    const result = estimate([5, 5, 6, 5], ['a', 'a', 'a', 'a']);
    assert.deepEqual([result.mean, result.pValue, result.interval, result.groups], [5.25, 1, null, 1]);
  });

  it('cannot show a p below 2 / (resamples + 1)', () => {
    const result = estimate([3, 4, 5, 6, 7], ['a', 'b', 'c', 'd', 'e'], 999);
    assert.equal(result.pValue, 2 / 1000);
    assert.ok((result.interval?.[0] ?? 0) >= 3);
  });

  it('sees more uncertainty where cases of a participant go together', () => {
    const differences = Array.from({ length: 60 }, (_, i) => Math.sin(Math.floor(i / 6) * 2.1));
    const width = (groups: string[]): number => {
      const { interval } = estimate(differences, groups, 2000);
      return (interval?.[1] ?? NaN) - (interval?.[0] ?? NaN);
    };
    const together = width(differences.map((_, i) => `participant ${Math.floor(i / 6)}`));
    const apart = width(differences.map((_, i) => `participant ${i}`));
    assert.ok(together > 2 * apart, `${together} against ${apart}`); // √6 in theory
  });

  it('covers the true mean about as often as it says', () => {
    const random = randomStream(3, 'coverage');
    let covered = 0;
    for (let experiment = 0; experiment < 400; experiment++) {
      const differences = Array.from({ length: 40 }, () => random.normal(1, 2));
      const { interval } = bootstrapOfOne({ differences, groups: differences.map(String), resamples: 400, random });
      if (interval !== null && interval[0] <= 1 && interval[1] >= 1) covered++;
    }
    // 95 % less the percentile interval's known shortfall at n = 40 (about 1 %); the binomial deviation is 1.1 %.
    assert.ok(covered >= 0.9 * 400 && covered <= 0.98 * 400, `${covered} of 400`);
  });

  it('gives many quantities of the same cases what it gives each alone', () => {
    const groups = Array.from('aabbccddee');
    const columns = [groups.map((_, i) => Math.cos(i)), groups.map((_, i) => i - 4)];
    const options = { groups, resamples: 300, confidence: 0.95 };
    const together = pairedBootstraps({ columns, ...options, random: randomStream(5) });
    const alone = columns.map((differences) => bootstrapOfOne({ differences, ...options, random: randomStream(5) }));
    assert.deepEqual(together, alone);
  });

  it('refuses differences that are no numbers, unequal lengths, no cases and no resamples', () => {
    const refusal = { code: 'ARGUMENT_INVALID' };
    assert.throws(() => estimate([1, Number.NaN], ['a', 'b']), refusal);
    assert.throws(() => estimate([1, Infinity], ['a', 'b']), refusal);
    assert.throws(() => estimate([1], ['a', 'b']), refusal);
    assert.throws(() => estimate([], []), refusal);
    assert.throws(() => estimate([1, 2], ['a', 'b'], 0), refusal);
  });
});

describe('quantileOfSorted', () => {
  it('is linear between neighbours', () => {
    const sorted = Float64Array.of(1, 2, 4, 8);
    assert.equal(quantileOfSorted(sorted, 0), 1);
    assert.equal(quantileOfSorted(sorted, 0.5), 3);
    assert.equal(quantileOfSorted(sorted, 1), 8);
    assert.equal(quantileOfSorted(Float64Array.of(5), 0.3), 5);
    assert.throws(() => quantileOfSorted(new Float64Array(0), 0.5), { code: 'ARGUMENT_INVALID' });
  });
});
