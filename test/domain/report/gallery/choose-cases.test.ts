import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { EvaluationRow } from '../../../../domain/evaluate/evaluation-row.js';
import { chooseCases } from '../../../../domain/report/gallery/choose-cases.js';

/** Rows of one arm: of each case its ΔV in each repeat. */
function rowsOf(errors: Readonly<Record<string, readonly number[]>>): EvaluationRow[] {
  return Object.entries(errors).flatMap(([caseId, ofRepeats]) =>
    ofRepeats.map((volumeError, repeat) => ({
      ...{ dataSet: 'flat', caseId, participant: caseId, fold: 0, repeat, model: 'unet', loss: 'sd' },
      ...{ unit: 'ml' as const, truthVolume: 10, unpredictableVolume: 0, predictedVolume: 10 + volumeError },
      ...{ predictedVolumeThresholded: 10, volumeError, dice: 1, softDiceScore: 1, crossEntropy: 0 },
    })),
  );
}

const chosen = (errors: Readonly<Record<string, readonly number[]>>): string =>
  chooseCases(rowsOf(errors))
    .map(({ place, caseId }) => `${place} ${caseId}`)
    .join(', ');

describe('chooseCases', () => {
  it('takes the smallest, the median and the largest volume error, whatever their sign', () => {
    assert.equal(chosen({ a: [-9], b: [1], c: [3], d: [-0.5], e: [4] }), 'best d, median c, worst a');
  });

  it('takes of an even number the larger of the two in the middle', () => {
    assert.equal(chosen({ a: [1], b: [-2], c: [3], d: [4] }), 'best a, median c, worst d');
  });

  it('counts equal errors in the order of ids, in whatever order the rows come', () => {
    assert.equal(chosen({ c: [-2], a: [2], d: [2], b: [2], e: [-2] }), 'best a, median c, worst e');
  });

  it('judges a case by its mean over repeats', () => {
    // Means: a 0, b 1, c 2; each one's first repeat would say otherwise.
    assert.equal(chosen({ a: [5, -5], b: [-3, 5], c: [1, 3] }), 'best a, median b, worst c');
  });

  it('lists no case twice: one is the worst, two are the best and the worst', () => {
    assert.equal(chosen({}), '');
    assert.equal(chosen({ a: [1] }), 'worst a');
    assert.equal(chosen({ a: [2], b: [1] }), 'best b, worst a');
  });
});
