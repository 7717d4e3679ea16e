import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { caseMeans, reportedCaseMeans } from '../../../domain/evaluate/case-means.js';
import type { CaseScores } from '../../../domain/evaluate/segmentation/segmentation-metrics.js';
import { someScores } from '../../support/case-scores.js';
import { row } from '../results/tumours.js';

describe('the means of cases', () => {
  const first = row({ dice: 0.5, predictedVolume: 12, volumeError: 2, predictedVolumeOutside: 0.5 });
  const second = row({ repeat: 1, dice: 0.75, predictedVolume: 9, volumeError: -1, predictedVolumeOutside: 0 });
  const third = row({ repeat: 2, dice: 1, predictedVolume: 15, volumeError: 5, predictedVolumeOutside: 1 });
  const other = row({ caseId: 'b', participant: 'b', fold: 1, repeat: 1 });

  it('are over the repeats of each case, metric by metric', () => {
    // (0.5 + 0.75 + 1) / 3, (12 + 9 + 15) / 3, (2 − 1 + 5) / 3; the true volume is that of each repeat.
    const expected = { ...first, dice: 0.75, predictedVolume: 12, volumeError: 2 };
    assert.deepEqual(caseMeans([first, second, third]), [expected]);
  });

  it('are over the other grid, too', () => {
    const elsewhere = { ...second, otherGrid: { ...first.otherGrid, dice: 1, volumeError: 1 } };
    const [mean] = reportedCaseMeans([first, elsewhere]);
    assert.ok(mean);
    assert.deepEqual(mean.otherGrid, { ...first.otherGrid, dice: 0.75, volumeError: 2.5 });
    assert.equal(mean.predictedVolumeOutside, 0.25);
  });

  it('of scores are over the repeats in which they are defined', () => {
    const scores = (hausdorff95Mm: number | null, jaccard: number): CaseScores => ({
      ...someScores,
      hausdorff95Mm,
      jaccard,
      recall: null,
    });
    const repeats = [null, 4, 7].map((distance, repeat) => row({ repeat, scores: scores(distance, repeat / 2) }));
    // (4 + 7) / 2 and (0 + 1/2 + 1) / 3.
    const means = reportedCaseMeans(repeats)[0]?.scores;
    assert.deepEqual([means?.hausdorff95Mm, means?.jaccard, means?.recall], [5.5, 0.5, null]);
  });

  it('of single rows are these rows, and do not depend on their order', () => {
    assert.deepEqual(reportedCaseMeans([other, first]), [first, other]);
    assert.deepEqual(caseMeans([third, other, first, second]), caseMeans([first, second, third, other]));
  });
});
