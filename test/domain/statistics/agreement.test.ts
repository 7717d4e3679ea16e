import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { randomStream } from '../../../domain/random/random-stream.js';
import { agreementOf, type Agreement } from '../../../domain/statistics/agreement.js';
import { fixturesFolder } from '../../support/paths.js';

type Reference = Agreement & {
  readonly truth: number[];
  readonly predicted: number[];
  readonly participant: string[];
  readonly level: number;
};

/** What statsmodels and NumPy compute; made by make_agreement_reference.py beside the file. */
const references = JSON.parse(
  readFileSync(join(fixturesFolder, 'statistics', 'agreement.json'), 'utf8'),
) as readonly Reference[];

function pairsOf({ truth, predicted, participant }: Pick<Reference, 'truth' | 'predicted' | 'participant'>) {
  return truth.map((one, index) => ({
    truth: one,
    predicted: predicted[index] as number,
    participant: participant[index] as string,
  }));
}

function assertNear(actual: number | undefined, expected: number | undefined, tolerance: number): void {
  assert.ok(Math.abs((actual ?? NaN) - (expected ?? NaN)) <= tolerance, `${String(actual)}, not ${String(expected)}`);
}

describe('agreementOf', () => {
  it('has the limits of M-estimation and the slope of least squares, both with clusters', () => {
    for (const reference of references) {
      const agreement = agreementOf(pairsOf(reference), reference.level);
      assert.ok(agreement !== null);
      assertNear(agreement.standardDeviation, reference.standardDeviation, 1e-9);
      for (const name of ['lowerLimit', 'upperLimit', 'slope'] as const) {
        assertNear(agreement[name]?.value, reference[name]?.value, 1e-9);
        // The reference differentiates numerically.
        for (const end of [0, 1]) assertNear(agreement[name]?.interval?.[end], reference[name]?.interval?.[end], 1e-6);
      }
    }
  });

  it('has the standard error of Bland and Altman for many independent normal differences', () => {
    const random = randomStream('agreement');
    const count = 40_000;
    const pairs = Array.from({ length: count }, (_, index) => {
      const truth = random.uniformBetween(5, 15);
      return { truth, predicted: truth + random.normal(1, 2), participant: `p${index}` };
    });
    const { standardDeviation: s, upperLimit, slope } = agreementOf(pairs, 0.95) as Agreement;
    assertNear(upperLimit.value, 1 + 1.96 * 2, 0.1);
    const [low = NaN, high = NaN] = upperLimit.interval ?? [];
    const standardError = (high - low) / (2 * 1.96);
    // Its own sampling error is √((kurtosis terms) / n): well below 3 % for 40,000 cases.
    assert.ok(Math.abs(standardError / (s * Math.sqrt((1 + 1.96 ** 2 / 2) / count)) - 1) < 0.03);
    // Var p − Var t = 4: the slope is cov(a, d) / Var a = 2 / (100 / 12 + 1).
    assertNear(slope?.value, 2 / (100 / 12 + 1), 0.02);
  });

  it('has wider intervals if the cases of a participant are alike', () => {
    const [reference] = references;
    assert.ok(reference !== undefined);
    const doubled = pairsOf(reference).flatMap((pair) => [pair, pair]);
    const apart = doubled.map((pair, index) => ({ ...pair, participant: `p${index}` }));
    const width = ({ upperLimit: { interval } }: Agreement): number => (interval?.[1] ?? NaN) - (interval?.[0] ?? NaN);
    assert.ok(width(agreementOf(doubled, 0.95) as Agreement) > 1.3 * width(agreementOf(apart, 0.95) as Agreement));
  });

  it('has no interval for one participant, no slope for equal means, and nothing for one case', () => {
    const pair = { truth: 1, predicted: 3, participant: 'a' };
    assert.equal(agreementOf([pair], 0.95), null);
    assert.deepEqual(agreementOf([pair, { truth: 3, predicted: 1, participant: 'a' }], 0.95)?.slope, null);
    const one = agreementOf([pair, { ...pair, predicted: 4 }, { ...pair, predicted: 5 }], 0.95);
    assert.equal(one?.standardDeviation, 1);
    assert.deepEqual([one.lowerLimit.interval, one.slope?.interval, one.slope?.value], [null, null, 2]);
    const equal = agreementOf([pair, { truth: 2, predicted: 4, participant: 'b' }], 0.95);
    assert.deepEqual(equal?.upperLimit, { value: 2, interval: [2, 2] });
    assert.deepEqual(equal.slope, { value: 0, interval: null }); // two cases lie on a line
  });
});
