import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { metricNames } from '../../../domain/evaluate/metrics.js';
import { randomStream, shuffled } from '../../../domain/random/random-stream.js';
import { resultsOf } from '../../../domain/results/results-of.js';
import type { ResultsInput } from '../../../domain/results/results-input.js';
import type { ResultsArm, ResultsCell, TheoryBias } from '../../../domain/results/results.js';
import type { TestRules } from '../../../domain/results/test-rules.js';
import { syntheticResultsInput, syntheticRows } from '../report/synthetic-report-input.js';
import { row, rules, tumourComparisons, tumourResults } from './tumours.js';

function armsOf(changes: Parameters<typeof tumourResults>[0]): readonly ResultsArm[] {
  return tumourResults(changes).dataSets[0]?.arms ?? [];
}

function cellOf(position: number, metric: keyof ResultsArm['cells']): ResultsCell {
  const arm = armsOf({})[position];
  assert.ok(arm !== undefined);
  return arm.cells[metric];
}

describe('resultsOf', () => {
  it('takes means over cases, not over folds', () => {
    const rows = [row({}), row({ caseId: 'b', dice: 0.25 }), row({ caseId: 'c', fold: 1, dice: 0 })];
    const [arm] = armsOf({ rows });
    assert.deepEqual([arm?.cells.dice.mean, arm?.cases, arm?.participants], [1 / 3, 3, 1]);
  });

  it('measures the thresholded volume error beside the soft one', () => {
    const [arm] = armsOf({ rows: [row({})] });
    assert.deepEqual([arm?.cells.volumeError.mean, arm?.cells.volumeErrorThresholded.mean], [2.5, 1]);
  });

  it('has an arm without results as a gap of every fold, and a fold without results as a gap of one', () => {
    const known = { dataSet: 'tumours', model: 'lr', loss: 'sd', fold: 1, repeat: 0, reason: 'out of memory' };
    const results = tumourResults({ rows: [row({ fold: 1 })], gaps: [known, { ...known, dataSet: 'other' }] });
    assert.deepEqual(
      results.dataSets[0]?.arms.map((arm) => [arm.cases, arm.cells.dice.mean, arm.missingFolds]),
      [
        [1, 0.75, [0]],
        [0, null, [0, 1]],
        [0, null, [0, 1]],
        [0, null, [0, 1]],
      ],
    );
    assert.equal(results.gaps.length, 7);
    assert.deepEqual(results.gaps.slice(0, 3), [
      { ...known, loss: 'ce', fold: 0, reason: 'no result was recorded' },
      { ...known, fold: 0, reason: 'no result was recorded' },
      known,
    ]);
  });

  it('takes the mean of each case over the repeats first, and counts cases, not repeats', () => {
    // Case a: (0.5 + 1) / 2; case b, whose second training failed: 0.25. Over the three rows it would be 0.583.
    const rows = [
      row({ dice: 0.5, volumeError: 3 }),
      row({ repeat: 1, dice: 1, volumeError: -1 }),
      row({ caseId: 'b', participant: 'b', fold: 1, dice: 0.25, volumeError: 5 }),
    ];
    const results = tumourResults({ rows, repeats: 2 });
    const [arm] = results.dataSets[0]?.arms ?? [];
    assert.ok(arm);
    assert.deepEqual([arm.cells.dice.mean, arm.cells.volumeError.mean], [0.5, 3]);
    assert.deepEqual([arm.cases, arm.participants, arm.meanTruthVolume], [2, 2, 10]);
    assert.deepEqual(arm.missingTrainings, [{ fold: 1, repeat: 1 }]);
    assert.deepEqual([arm.missingFolds, arm.cells.dice.mark.incomplete], [[1], true]);
    assert.deepEqual(results.gaps[0], {
      ...{ dataSet: 'tumours', model: 'lr', loss: 'ce', fold: 1, repeat: 1 },
      reason: 'no result was recorded',
    });
  });

  it('does not depend on the order of rows and comparisons, to the last bit', () => {
    const rows = syntheticRows();
    const { comparisons } = syntheticResultsInput(rows);
    const [random, other] = [randomStream(3), randomStream(4)];
    const mixed = syntheticResultsInput(shuffled(rows, random), { comparisons: shuffled(comparisons, other) });
    assert.deepEqual(
      { ...resultsOf(mixed), source: null },
      { ...resultsOf(syntheticResultsInput(rows)), source: null },
    );
  });

  it('gives each cell its test against 0 and those against the other losses, seen from its own side', () => {
    const tests = (conditional: number, includingTraining: number, sign = 1): object => {
      const [low, high] = sign > 0 ? [1, 2] : [-2, -1];
      return {
        ...{ interval: [low, high], pValue: conditional, significant: true, cases: 12, participants: 12 },
        conditional: { interval: [low, high], pValue: conditional },
        includingTraining: {
          interval: sign > 0 ? [0.5, 2.5] : [-2.5, -0.5],
          ...{ pValue: includingTraining, folds: 2, degreesOfFreedom: 1 },
        },
      };
    };
    assert.deepEqual(cellOf(1, 'volumeError').againstZero, {
      ...tests(0.001, 0.03),
      adjustedPValue: null,
      equivalence: { margin: 0.5, pValue: 0.9, interval: [0.6, 2.4], holds: false },
    });
    assert.equal(cellOf(1, 'dice').againstZero, null);
    assert.deepEqual(cellOf(1, 'dice').pairs, [{ reference: 'ce', mean: 0.1, ...tests(0.01, 0.3) }]);
    assert.deepEqual(cellOf(0, 'dice').pairs, [{ reference: 'sd', mean: -0.1, ...tests(0.01, 0.3, -1) }]);
    assert.deepEqual(cellOf(0, 'softDiceScore').pairs, []);
  });

  it('relates volume errors to the mean true volume, but for one of 0', () => {
    assert.equal(cellOf(1, 'volumeError').relativeBias, 276.4 / 10);
    assert.equal(cellOf(1, 'volumeErrorThresholded').relativeBias, 0.1);
    assert.equal(cellOf(1, 'dice').relativeBias, null);
    assert.equal(cellOf(3, 'volumeError').relativeBias, null);
    const [empty] = armsOf({ rows: [row({ truthVolume: 0 })] });
    assert.deepEqual([empty?.meanTruthVolume, empty?.cells.volumeError.relativeBias], [0, null]);
  });

  it("has the theory's bias over the cases of the arm, by data set and loss", () => {
    const prediction = { dataSet: 'tumours', caseId: 'a', loss: 'sd', predictedVolume: 13, expectedVolume: 10.5 };
    const theory = [
      { ...prediction, dataSet: 'other', predictedVolume: 4 },
      prediction,
      { ...prediction, caseId: 'b', predictedVolume: 15 },
      { ...prediction, caseId: 'not evaluated', predictedVolume: 1000 },
    ];
    // True volumes 10 and 10, measured 12.5 and 12.5. U-Net with soft Dice has no cases.
    const bias = { realised: 4, expected: 3.5, remainder: -1.5 };
    const biases = (input: Partial<ResultsInput>): (TheoryBias | null)[] =>
      armsOf(input).map(({ theoryBias }) => theoryBias);
    assert.deepEqual(biases({ theory }), [null, bias, null, null]);
    // A case that theory knows nothing of leaves no mean over the arm's cases.
    assert.deepEqual(biases({ theory: [prediction] }), [null, null, null, null]);
    // Of a case of which one fold is missing, theory leaves out what measuring leaves out.
    const rows = [row({ loss: 'sd', caseId: 'b', predictedVolume: 14 })];
    assert.deepEqual(biases({ theory, rows })[1], { realised: 5, expected: 4.5, remainder: -1 });
  });

  it('has the same mean as the test against 0, but for rounding', () => {
    const { dataSets, source } = resultsOf(syntheticResultsInput());
    let compared = 0;
    for (const { name, arms } of dataSets) {
      for (const { model, loss, cells } of arms) {
        for (const metric of metricNames) {
          const test = source.comparisons.find(
            (one) =>
              one.kind === 'againstZero' &&
              one.dataSet === name &&
              one.model === model &&
              one.loss === loss &&
              one.metric === metric,
          );
          if (test === undefined) continue;
          compared++;
          assert.ok(Math.abs((cells[metric].mean ?? NaN) - test.mean) < 1e-12 * (1 + Math.abs(test.mean)));
        }
      }
    }
    assert.equal(compared, 4 * 3 * 2 * 2);
  });
});

describe('the rules of a report', () => {
  const decidedBy = (changes: Partial<TestRules>): readonly ResultsArm[] => armsOf({ rules: { ...rules, ...changes } });
  const biases = (arms: readonly ResultsArm[]): unknown[] => arms.map(({ cells }) => cells.volumeError.mark.bias);

  it('let either test decide marks, intervals and p-values', () => {
    const conditional = decidedBy({ decides: 'conditional' });
    const includingTraining = decidedBy({ decides: 'includingTraining' });
    assert.deepEqual(biases(conditional), [null, 'over', 'under', null]);
    assert.deepEqual(biases(includingTraining), [null, 'over', null, null]);
    const { interval, pValue } = includingTraining[1]?.cells.volumeError.againstZero ?? {};
    assert.deepEqual([interval, pValue], [[0.5, 2.5], 0.03]);
    const better = (arms: readonly ResultsArm[]): unknown[] => arms.map(({ cells }) => cells.dice.mark.better);
    assert.deepEqual(better(conditional), [false, true, false, false]);
    assert.deepEqual(better(includingTraining), [false, false, false, false]);
  });

  it('adjust the p-values of the test that decides over the whole family, and never those of pairs', () => {
    const adjusted = (changes: Partial<TestRules>): unknown[] =>
      decidedBy({ correction: 'holm', ...changes }).map(({ cells }) => cells.volumeError.againstZero?.adjustedPValue);
    // Holm by hand: 3 · 0.001, 2 · 0.01, 1 · 0.4; and 3 · 0.03, 2 · 0.2, 1 · 0.6.
    assert.deepEqual(adjusted({}), [0.4, 0.003, 0.02, undefined]);
    assert.deepEqual(adjusted({ decides: 'includingTraining' }), [0.6, 0.09, 0.4, undefined]);
    assert.deepEqual(biases(decidedBy({ correction: 'holm', decides: 'includingTraining' })), [null, null, null, null]);
    const [, softDice] = decidedBy({ correction: 'holm' });
    assert.equal(softDice?.cells.dice.pairs[0]?.significant, true);
  });

  it('mark nothing where the test that decides is not possible, and leave it out of the family', () => {
    const comparisons = tumourComparisons.map((one) =>
      one.model === 'lr' ? { ...one, includingTraining: null, equivalence: null } : one,
    );
    const arms = armsOf({ comparisons, rules: { ...rules, decides: 'includingTraining', correction: 'holm' } });
    const test = arms[1]?.cells.volumeError.againstZero;
    assert.deepEqual([test?.interval, test?.pValue, test?.significant], [null, 1, false]);
    assert.deepEqual([test?.adjustedPValue, test?.equivalence], [null, null]);
    assert.equal(arms[2]?.cells.volumeError.againstZero?.adjustedPValue, 0.2);
  });

  it('call a volume error equivalent if the p-value of its equivalence is below the significance level', () => {
    const { dataSets, overall } = tumourResults({ models: ['lr'] });
    assert.deepEqual(dataSets[0]?.verdict.equivalent, ['ce']);
    assert.deepEqual(overall.losses, [
      { loss: 'sd', tested: 1, biased: 1, equivalent: 0 },
      { loss: 'ce', tested: 1, biased: 0, equivalent: 1 },
    ]);
  });
});

describe('the marks of a cell', () => {
  it('are over and under for volume errors whose test against 0 is significant, to the side of the mean', () => {
    assert.deepEqual(
      armsOf({}).map(({ cells }) => cells.volumeError.mark.bias),
      [null, 'over', 'under', null],
    );
  });

  it('are better for the loss that beats every other one, in the direction of the metric', () => {
    assert.deepEqual(
      [0, 1].map((arm) => cellOf(arm, 'crossEntropy').mark.better),
      [true, false],
    );
    assert.deepEqual(
      [0, 1].map((arm) => cellOf(arm, 'dice').mark.better),
      [false, true],
    );
    assert.deepEqual(
      [0, 1].map((arm) => cellOf(arm, 'softDiceScore').mark.better),
      [false, false],
    );
    const three = armsOf({ losses: ['ce', 'sd', 'focal'] });
    assert.ok(three.every(({ cells }) => !cells.dice.mark.better));
    const single = armsOf({ losses: ['sd'] });
    assert.ok(single.every(({ cells }) => !cells.dice.mark.better));
  });

  it('are incomplete where a fold is missing', () => {
    assert.deepEqual(
      armsOf({ rows: [row({})] }).map(({ cells }) => cells.dice.mark.incomplete),
      [true, true, true, true],
    );
    assert.equal(cellOf(0, 'dice').mark.incomplete, false);
  });
});
