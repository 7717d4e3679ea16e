import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EvaluationRow } from '../../../domain/evaluate/evaluation-row.js';
import { randomStream, shuffled } from '../../../domain/random/random-stream.js';
import { compareLosses, type Comparison } from '../../../domain/statistics/compare-losses.js';
import { equivalenceOf } from '../../../domain/statistics/equivalence.js';
import { foldSpread } from '../../../domain/statistics/fold-spread.js';
import { includingTraining } from '../../../domain/statistics/including-training.js';
import { bootstrapOfOne } from './support/bootstrap-of-one.js';

const random = (dataSet: string) => randomStream(11, 'bootstrap', dataSet);
const statistics = {
  resamples: 500,
  significance: 0.05,
  interval: 'percentile',
  stratify: 'none',
  equivalenceMargin: 0.05,
} as const;

/** Rows in which the soft-Dice arm is too large by `bias` ± 0.5 and the cross-entropy arm by 0 ± 0.5. */
function syntheticRows({ cases = 40, bias = 2, models = ['unet'] } = {}): EvaluationRow[] {
  const noise = randomStream(2, 'rows');
  return models.flatMap((model) =>
    ['ce', 'sd'].flatMap((loss) =>
      Array.from({ length: cases }, (_, i) => {
        const error = (loss === 'sd' ? bias : 0) + noise.normal(0, 0.5);
        const dice = loss === 'sd' ? 0.8 : 0.75 + 0.02 * noise.normal();
        return {
          dataSet: 'phantom',
          caseId: `case-${i}`,
          participant: `participant-${i % 30}`,
          fold: i % 5,
          model,
          loss,
          crossEntropy: loss === 'sd' ? 0.4 : 0.1,
          softDiceScore: dice,
          dice,
          unit: 'ml',
          truthVolume: 10,
          unpredictableVolume: 0,
          predictedVolume: 10 + error,
          predictedVolumeThresholded: 9 + error,
          volumeError: error,
        } as const;
      }),
    ),
  );
}

function compare(rows: readonly EvaluationRow[]): Comparison[] {
  return compareLosses({ rows, losses: ['ce', 'sd'], statistics, random });
}

function find(comparisons: readonly Comparison[], kind: Comparison['kind'], metric: string, loss: string): Comparison {
  const found = comparisons.find((c) => c.kind === kind && c.metric === metric && c.loss === loss);
  assert.ok(found !== undefined);
  return found;
}

describe('compareLosses', () => {
  it('finds the bias of one arm, none in the other, and the difference between them', () => {
    const comparisons = compare(syntheticRows());
    const softDice = find(comparisons, 'againstZero', 'volumeError', 'sd');
    assert.ok(softDice.conditional.pValue < 0.05 && Math.abs(softDice.mean - 2) < 0.3 && softDice.groups === 30);
    assert.ok(find(comparisons, 'againstZero', 'volumeError', 'ce').conditional.pValue > 0.05);
    const difference = find(comparisons, 'lossPair', 'crossEntropy', 'sd');
    assert.ok(difference.conditional.pValue < 0.05 && Math.abs(difference.mean - 0.3) < 1e-12);
  });

  it("answers each question as the bootstrap of it alone does with the data set's stream", () => {
    const rows = syntheticRows();
    const arm = (loss: string) =>
      rows.filter((row) => row.loss === loss).sort((a, b) => (a.caseId < b.caseId ? -1 : 1));
    const ce = arm('ce');
    const alone = bootstrapOfOne({
      differences: arm('sd').map((row, i) => row.dice - (ce[i]?.dice ?? NaN)),
      groups: ce.map((row) => row.participant),
      resamples: statistics.resamples,
      random: random('phantom'),
    });
    const together = find(compare(rows), 'lossPair', 'dice', 'sd');
    assert.deepEqual([together.mean, together.groups], [alone.mean, alone.groups]);
    assert.deepEqual(together.conditional, { pValue: alone.pValue, interval: alone.interval });
  });

  it('answers each question by the means of the folds too, and volume errors by equivalence within 5 % of the mean true volume', () => {
    const comparisons = compare(syntheticRows());
    const rows = syntheticRows().filter((row) => row.loss === 'sd');
    const sorted = rows.sort((a, b) => (a.caseId < b.caseId ? -1 : 1));
    const spread = foldSpread({ values: sorted.map((row) => row.volumeError), cases: sorted, strata: null });
    assert.ok(spread !== null);
    const softDice = find(comparisons, 'againstZero', 'volumeError', 'sd');
    assert.deepEqual(softDice.includingTraining, includingTraining(spread, 0.95));
    // All true volumes are 10.
    assert.deepEqual(softDice.equivalence, equivalenceOf(spread, { margin: 0.5, significance: 0.05 }));
    const difference = find(comparisons, 'lossPair', 'volumeError', 'sd');
    assert.deepEqual([difference.includingTraining?.folds, difference.equivalence], [5, null]);
    const oneFold = compare(syntheticRows().filter((row) => row.fold === 2));
    assert.ok(oneFold.every((one) => one.includingTraining === null && one.equivalence === null));
    const empty = compare(syntheticRows().map((row) => ({ ...row, truthVolume: 0 })));
    assert.ok(empty.every((one) => one.includingTraining !== null && one.equivalence === null));
  });

  it('adds the variance between volume terciles where folds were stratified by them', () => {
    // Errors grow with the volume, and every fold has as many large structures as small ones.
    const rows = syntheticRows({ cases: 30 }).map((row) => {
      const truthVolume = 1 + (Math.floor(Number(row.caseId.slice(5)) / 5) % 3);
      return { ...row, truthVolume, volumeError: 3 * (truthVolume - 2) + row.volumeError / 10 };
    });
    const errorOf = (stratify: 'none' | 'volumeTercile'): number => {
      const all = compareLosses({ rows, losses: ['ce', 'sd'], statistics: { ...statistics, stratify }, random });
      const { includingTraining: test } = find(all, 'againstZero', 'volumeError', 'ce');
      assert.ok(test !== null);
      return test.interval[1] - test.interval[0];
    };
    // The variance between terciles is 3² · 2/3, so the standard error is √(6 / 30) = 0.45, times 2 · 2.05 for 29 degrees.
    assert.ok(errorOf('none') < 0.2);
    assert.ok(Math.abs(errorOf('volumeTercile') - 0.4472 * 2 * 2.045) < 0.1, String(errorOf('volumeTercile')));
  });

  it('does not depend on the order of rows', () => {
    const rows = syntheticRows({ models: ['lr', 'unet'] });
    assert.deepEqual(compare(shuffled(rows, randomStream(4))), compare(rows));
  });

  it('compares a pair over the cases that both arms have, and names none where an arm is absent', () => {
    const rows = syntheticRows().filter((row) => !(row.loss === 'sd' && row.fold === 3));
    const comparisons = compare(rows);
    assert.equal(find(comparisons, 'againstZero', 'volumeError', 'ce').cases, 40);
    assert.equal(find(comparisons, 'againstZero', 'volumeError', 'sd').cases, 32);
    assert.equal(find(comparisons, 'lossPair', 'dice', 'sd').cases, 32);
    const onlyCrossEntropy = compare(rows.filter((row) => row.loss === 'ce'));
    assert.deepEqual(
      onlyCrossEntropy.map((c) => c.kind),
      ['againstZero', 'againstZero'],
    );
    assert.deepEqual(compare([]), []);
  });

  it('refuses a case that an arm has twice, and a case of two participants', () => {
    const rows = syntheticRows({ cases: 3 });
    const first = rows[0] as EvaluationRow;
    assert.throws(() => compare([...rows, first]), { code: 'ARGUMENT_INVALID' });
    const moved = rows.map((row, i) => (i === 0 ? { ...row, participant: 'another' } : row));
    assert.throws(() => compare(moved), { code: 'ARGUMENT_INVALID' });
  });

  it('compares the means of cases over the repeats that both arms have', () => {
    const rowAt = (loss: string, caseId: string, volumeError: number, repeat?: number): EvaluationRow => ({
      ...{ dataSet: 'd', caseId, participant: caseId, fold: caseId === 'a' ? 0 : 1, model: 'unet', loss, volumeError },
      ...(repeat !== undefined && { repeat }),
      ...{ crossEntropy: 0, softDiceScore: 0, dice: 0, unit: 'ml' as const },
      ...{ truthVolume: 10, unpredictableVolume: 0, predictedVolume: 10 + volumeError, predictedVolumeThresholded: 10 },
    });
    const rows = [
      ...[rowAt('ce', 'a', 1), rowAt('ce', 'a', 3, 1), rowAt('ce', 'b', 2), rowAt('ce', 'b', 6, 1)],
      // The second training of soft Dice on fold 1 failed.
      ...[rowAt('sd', 'a', 5), rowAt('sd', 'a', 9, 1), rowAt('sd', 'b', 12)],
    ];
    const comparisons = compare(rows);
    // ((1 + 3) / 2 + (2 + 6) / 2) / 2 and ((5 + 9) / 2 + 12) / 2.
    const [ce, sd] = ['ce', 'sd'].map((loss) => find(comparisons, 'againstZero', 'volumeError', loss));
    assert.deepEqual([ce?.mean, ce?.cases, ce?.groups, sd?.mean], [3, 2, 2, 9.5]);
    // ((4 + 6) / 2 + (12 − 2)) / 2: of case b only the first repeat.
    const pair = find(comparisons, 'lossPair', 'volumeError', 'sd');
    assert.deepEqual([pair.mean, pair.cases], [7.5, 2]);
    // Two folds of equal size with means 2 and 4 (ce): standard error |4 − 2| / 2 with 1 degree of freedom.
    const spread = foldSpread({
      values: [2, 4],
      cases: [
        { fold: 0, participant: 'a' },
        { fold: 1, participant: 'b' },
      ],
      strata: null,
    });
    assert.ok(spread !== null && Math.abs(spread.standardError - 1) < 1e-12);
    assert.deepEqual(ce?.includingTraining, includingTraining(spread, 0.95));
    assert.deepEqual(compare(rows.toReversed()), comparisons);
    assert.throws(() => compare([...rows, rowAt('ce', 'a', 0, 1)]), { code: 'ARGUMENT_INVALID' });
  });
});
