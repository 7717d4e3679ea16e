import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { compareRows } from '../../../domain/comparison/compare-rows.js';
import type { ComparedMeasure } from '../../../domain/comparison/sweep-comparison.js';
import { pairedGroups } from '../../../domain/comparison/paired-groups.js';
import { randomStream } from '../../../domain/random/random-stream.js';
import type { ReportedRow } from '../../../domain/evaluate/evaluation-row.js';
import { syntheticRows } from '../report/synthetic-report-input.js';

const all = syntheticRows().filter(
  ({ dataSet, model, loss }) => dataSet === 'phantom-3d-low' && model === 'unet' && loss === 'ce',
);
/** The same cases, each too large by 1 ml more, give or take. */
const noise = randomStream(5, 'noise');
const larger = all.map((row): ReportedRow => {
  const more = 1 + noise.normal(0, 0.3);
  return { ...row, volumeError: row.volumeError + more, predictedVolume: row.predictedVolume + more };
});
const compare = (a: readonly ReportedRow[], b: readonly ReportedRow[]) =>
  compareRows({ rows: a, isStratified: false }, { rows: b, isStratified: false });
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function measureOf(a: readonly ReportedRow[], b: readonly ReportedRow[]): ComparedMeasure {
  const found = compare(a, b).dataSets[0]?.arms[0]?.measures.find(({ metric }) => metric === 'volumeError');
  assert.ok(found !== undefined);
  return found;
}

describe('two sweeps beside each other', () => {
  it('have means and differences over the shared cases, tested with the folds as in a t test of their means', () => {
    const { a, b, difference, includingTraining, conditional } = measureOf(all, larger);
    const differences = larger.map((row, index) => row.volumeError - (all[index]?.volumeError ?? NaN));
    assert.ok(Math.abs(a - meanOf(all.map(({ volumeError }) => volumeError))) < 1e-12);
    assert.ok(Math.abs(b - meanOf(larger.map(({ volumeError }) => volumeError))) < 1e-12);
    assert.ok(Math.abs(difference - meanOf(differences)) < 1e-12);
    assert.equal(includingTraining?.folds, new Set(all.map(({ fold }) => fold)).size);
    // Differences around 1 with a standard deviation of 0.3: the interval has 1, not 0.
    const [low = NaN, high = NaN] = conditional.interval ?? [];
    assert.ok(low < 1 && 1 < high + 0.1 && low > 0.8 && high < 1.2 && conditional.pValue < 0.001);
  });

  it('have the p-value of a t test of two fold means, with one degree of freedom', () => {
    const differences = [0.5, 0.9, 1.4, 1.6];
    const a = all.slice(0, 4).map((row, index): ReportedRow => ({ ...row, fold: index < 2 ? 0 : 1 }));
    const b = a.map((row, index) => ({ ...row, volumeError: row.volumeError + (differences[index] ?? NaN) }));
    const { includingTraining, conditional } = measureOf(a, b);
    // Fold means 0.7 and 1.5: t = 1.1 / (0.8 / 2), and of one degree of freedom P(|T| > t) = 1 − 2/π atan t.
    const p = 1 - (2 / Math.PI) * Math.atan(1.1 / 0.4);
    assert.ok(Math.abs((includingTraining?.pValue ?? NaN) - p) < 1e-9);
    // No sample of positive differences has a mean below 0: p = 2 · 1 / (10,000 + 1).
    assert.equal(conditional.pValue, 2 / 10_001);
  });

  it('are compared over no case with another true volume, and say which', () => {
    const [first, ...others] = all;
    assert.ok(first !== undefined);
    const moved = { ...first, truthVolume: first.truthVolume * 1.01 };
    const rounded = others.map((row) => ({ ...row, truthVolume: row.truthVolume * (1 + 1e-13) }));
    const [dataSet] = compare(all, [moved, ...rounded.slice(1)]).dataSets;
    assert.equal(dataSet?.shared.length, all.length - 2);
    assert.deepEqual(dataSet.otherTruth, [{ caseId: first.caseId, a: first.truthVolume, b: moved.truthVolume }]);
    assert.deepEqual(dataSet.onlyA, [others[0]?.caseId]);
    assert.equal(dataSet.arms[0]?.cases, all.length - 2);
  });

  it('have a test including the training only with the same folds, whatever their numbers', () => {
    const renumbered = larger.map((row) => ({ ...row, fold: 9 - row.fold }));
    assert.deepEqual(measureOf(all, renumbered), measureOf(all, larger));
    const [first, ...others] = larger;
    const elsewhere = [{ ...(first as ReportedRow), fold: ((first?.fold ?? 0) + 1) % 5 }, ...others];
    const [arm] = compare(all, elsewhere).dataSets[0]?.arms ?? [];
    assert.equal(arm?.measures[0]?.includingTraining, null);
    assert.match(arm.withoutTraining ?? '', /other folds/);
  });

  it('are compared on the native grid where they were measured on others', () => {
    const working = larger.map((row): ReportedRow => {
      const { unit, truthVolume, unpredictableVolume, predictedVolume, predictedVolumeThresholded } = row;
      const { crossEntropy, softDiceScore, dice, volumeError } = row;
      const own = { unit, truthVolume, unpredictableVolume, predictedVolume, predictedVolumeThresholded };
      const otherGrid = { ...own, crossEntropy, softDiceScore, dice, volumeError };
      return { ...row, ...row.otherGrid, grid: 'working', otherGrid };
    });
    assert.equal(compare(all, working).grid, 'native');
    assert.deepEqual(measureOf(all, working), measureOf(all, larger));
  });

  it('name what only one has', () => {
    const renamed = larger.map((row) => ({ ...row, loss: 'sd' }));
    const { onlyA, onlyB } = compare(all, renamed);
    assert.deepEqual([onlyA, onlyB], [['phantom-3d-low.unet.ce'], ['phantom-3d-low.unet.sd']]);
  });
});

describe('the participants of paired cases', () => {
  it('are one where either sweep takes them for one', () => {
    const pairs = [
      { a: 'p1', b: 'x' },
      { a: 'p2', b: 'x' },
      { a: 'p2', b: 'y' },
      { a: 'p3', b: 'z' },
    ];
    assert.deepEqual(pairedGroups(pairs), ['p1', 'p1', 'p1', 'p3']);
    assert.deepEqual(pairedGroups(pairs.toReversed()), ['p3', 'p1', 'p1', 'p1']);
  });
});
