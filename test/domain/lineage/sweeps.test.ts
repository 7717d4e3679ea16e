import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { ReportedRow } from '../../../domain/evaluate/evaluation-row.js';
import { dataChanges } from '../../../domain/lineage/data-changes.js';
import { movedCases } from '../../../domain/lineage/moved-cases.js';
import { pairedNumbers } from '../../../domain/lineage/paired-numbers.js';
import { someScores } from '../../support/case-scores.js';

/** A case of 2 ml, of which so many are predicted. */
function row(caseId: string, predictedVolume: number, loss = 'ce'): ReportedRow {
  const volumes = {
    truthVolume: 2,
    unpredictableVolume: 0,
    predictedVolume,
    predictedVolumeThresholded: predictedVolume,
  };
  const metrics = { crossEntropy: 1, softDiceScore: 0.5, dice: 0.5, unit: 'ml' } as const;
  const measured = { ...volumes, ...metrics, volumeError: predictedVolume - 2 };
  const place = { dataSet: 'flat', caseId, participant: caseId, fold: 0, model: 'lr', loss };
  return { ...place, ...measured, grid: 'native', otherGrid: measured, predictedVolumeOutside: 0, scores: someScores };
}

describe('two sweeps', () => {
  it('have numbers that are compared over the cases of both', () => {
    const before = [row('a', 1), row('b', 2), row('c', 3), row('x', 9)];
    const now = [row('a', 2), row('b', 3), row('c', 4), row('y', 5), row('a', 2, 'sd')];
    const found = pairedNumbers(before, now).find(({ loss, metric }) => loss === 'ce' && metric === 'volumeError');
    // ((1 + 2 + 3 + 9) − 4 · 2) / 4 and ((2 + 3 + 4 + 5) − 4 · 2) / 4; each common case has 1 ml more.
    assert.deepEqual([found?.before, found?.now], [7 / 4, 6 / 4]);
    assert.deepEqual([found?.paired?.mean, found?.paired?.interval, found?.paired?.cases], [1, [1, 1], 3]);
    // No bootstrap sample of differences of 1 has a mean of 0 or less: the least p of 10,000 samples.
    assert.equal(found?.paired?.pValue, 2 / 10_001);
    const added = pairedNumbers(before, now).filter(({ loss }) => loss === 'sd');
    assert.deepEqual([added.length, added[0]?.before, added[0]?.paired], [5, null, null]);
  });

  it('have the same splits if only the numbers of the folds differ', () => {
    const folds = [['a', 'b'], ['c', 'd'], ['e']];
    assert.deepEqual(movedCases(folds, [['e'], ['d', 'c'], ['a', 'b']]), []);
    assert.deepEqual(movedCases(folds, [['a', 'b', 'new'], ['c', 'd'], []]), []);
    assert.deepEqual(movedCases(folds, [['a', 'c'], ['b', 'd'], ['e']]), ['a', 'b', 'c', 'd']);
  });

  it('have data that was added, removed or changed', () => {
    const before = new Map(Object.entries({ a: '1', b: '2', c: '3' }));
    const now = new Map(Object.entries({ a: '1', b: '9', d: '4' }));
    assert.deepEqual(dataChanges(before, now), { added: ['d'], removed: ['c'], changed: ['b'] });
  });
});
