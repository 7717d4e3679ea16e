import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { equivalenceOf } from '../../../domain/statistics/equivalence.js';
import { foldSpread, type FoldSpread } from '../../../domain/statistics/fold-spread.js';
import { hallTransform, inverseHallTransform } from '../../../domain/statistics/hall-transform.js';
import { includingTraining, trainingInterval } from '../../../domain/statistics/including-training.js';
import { assertEqualNumber, reference } from './support/tests-fixture.js';

/** The spread of values whose cases are each a participant, unless participants are named. */
function spreadOf(
  values: readonly number[],
  folds: readonly number[],
  participants?: readonly string[],
  strata: ReadonlyMap<string, number> | null = null,
): FoldSpread {
  const cases = folds.map((fold, index) => ({ fold, participant: participants?.[index] ?? `p${index}` }));
  const spread = foldSpread({ values, cases, strata });
  assert.ok(spread !== null);
  return spread;
}

describe('the test that includes the training', () => {
  it("is SciPy's t test of the fold means where folds have equal sizes and no skewness can be estimated", () => {
    const { values, fold, pValue, interval95, interval90 } = reference.equalFolds;
    const spread = spreadOf(values, fold);
    const result = includingTraining(spread, 0.95);
    assertEqualNumber(result.pValue, pValue, 'p');
    result.interval.forEach((end, i) => {
      assertEqualNumber(end, interval95[i] ?? NaN, 'interval');
    });
    trainingInterval(spread, 0.9).forEach((end, i) => {
      assertEqualNumber(end, interval90[i] ?? NaN, 'interval of 90 %');
    });
    assertEqualNumber(result.degreesOfFreedom, 4);
    assert.equal(result.folds, 5);
  });

  it('agrees with CR2, Bell-McCaffrey and Hall by matrix formulas and root finding where folds and participants differ in size', () => {
    const expected = reference.unequalFolds;
    const spread = spreadOf(expected.values, expected.fold, expected.participant);
    const result = includingTraining(spread, 0.95);
    assertEqualNumber(spread.mean, expected.mean, 'mean');
    assertEqualNumber(spread.standardError, expected.standardError, 'standard error');
    assertEqualNumber(spread.degreesOfFreedom, expected.degreesOfFreedom, 'degrees of freedom');
    assertEqualNumber(spread.skewness, expected.skewness, 'skewness');
    assertEqualNumber(result.pValue, expected.pValue, 'p');
    result.interval.forEach((end, i) => {
      assertEqualNumber(end, expected.interval[i] ?? NaN, 'interval');
    });
  });

  it('adds the variance between strata, as NumPy computes it', () => {
    const { values, fold, participant, strata, stratified } = reference.unequalFolds;
    const spread = spreadOf(values, fold, participant, new Map(Object.entries(strata)));
    assertEqualNumber(spread.standardError, stratified.standardError, 'standard error');
    const [ofFolds, ofParticipants] = spread.law;
    assertEqualNumber(ofFolds?.share ?? NaN, stratified.foldShare, 'share of the folds');
    assertEqualNumber((ofFolds?.share ?? NaN) + (ofParticipants?.share ?? NaN), 1, 'shares');
    assert.equal(ofParticipants?.degreesOfFreedom, Object.keys(strata).length - 1);
    assertEqualNumber(includingTraining(spread, 0.95).pValue, stratified.pValue, 'p');
    assertEqualNumber(spread.skewness, stratified.skewness, 'skewness');
  });

  it('has p below α exactly if the interval of level 1 − α excludes 0', () => {
    const values = fc.array(fc.double({ min: -3, max: 4, noNaN: true }), { minLength: 8, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 0.5, noNaN: true }), (sample, alpha) => {
        const spread = spreadOf(
          sample,
          sample.map((_, i) => i % 4),
        );
        if (spread.standardError < 1e-9) return;
        const { pValue, interval } = includingTraining(spread, 1 - alpha);
        if (Math.abs(pValue - alpha) < 1e-9) return;
        assert.equal(pValue < alpha, interval[0] > 0 || interval[1] < 0);
      }),
    );
  });

  it('is impossible with a single fold', () => {
    const cases = [0, 0, 0].map((fold, i) => ({ fold, participant: `p${i}` }));
    assert.equal(foldSpread({ values: [1, 2, 3], cases, strata: null }), null);
  });

  it('finds nothing where every value is 0, and certainty where every fold has the same mean', () => {
    const folds = [0, 0, 1, 1];
    assert.deepEqual(includingTraining(spreadOf([0, 0, 0, 0], folds), 0.95), {
      ...{ pValue: 1, interval: [0, 0], folds: 2, degreesOfFreedom: 1 },
    });
    const same = includingTraining(spreadOf([1, 3, 3, 1], folds), 0.95);
    assert.deepEqual([same.pValue, same.interval], [0, [2, 2]]);
  });
});

describe('equivalence', () => {
  it("is statsmodels' TOST of the fold means where folds have equal sizes", () => {
    const { values, fold, margin, equivalencePValue } = reference.equalFolds;
    const result = equivalenceOf(spreadOf(values, fold), { margin, significance: 0.05 });
    assertEqualNumber(result.pValue, equivalencePValue, 'p');
  });

  it('agrees with both one-sided tests by SciPy where values are skewed', () => {
    const { values, fold, participant, margin, equivalencePValue } = reference.unequalFolds;
    const result = equivalenceOf(spreadOf(values, fold, participant), { margin, significance: 0.05 });
    assertEqualNumber(result.pValue, equivalencePValue, 'p');
  });

  it('holds exactly if the interval of level 1 − 2α lies within the margin', () => {
    const sample = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 10, maxLength: 40 });
    let held = 0;
    fc.assert(
      fc.property(sample, fc.double({ min: 0.05, max: 2, noNaN: true }), (values, margin) => {
        const spread = spreadOf(
          values,
          values.map((_, i) => i % 5),
        );
        const { pValue, interval } = equivalenceOf(spread, { margin, significance: 0.05 });
        if (Math.abs(pValue - 0.05) < 1e-9 || spread.standardError < 1e-9) return;
        if (pValue < 0.05) held++;
        assert.equal(pValue < 0.05, interval[0] > -margin && interval[1] < margin);
      }),
    );
    assert.ok(held > 5);
  });
});

describe("Hall's transform", () => {
  it('is undone by its inverse, for either sign of the skewness and none', () => {
    const number = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(number, fc.double({ min: -3, max: 3, noNaN: true }), (t, skewness) => {
        // Near the stationary point t = −3/γ of the cubic its inverse is steep.
        if (Math.abs(3 + skewness * t) < 0.1) return;
        const back = inverseHallTransform(hallTransform(t, skewness), skewness);
        assert.ok(Math.abs(back - t) <= 1e-9 * (1 + Math.abs(t)), `${back} instead of ${t}`);
      }),
    );
    assert.equal(hallTransform(1.5, 0), 1.5);
    assert.equal(inverseHallTransform(1.5, 0), 1.5);
  });
});
