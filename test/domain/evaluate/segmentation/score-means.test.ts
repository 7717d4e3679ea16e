import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scoreMeans, scoreNames } from '../../../../domain/evaluate/segmentation/score-means.js';
import {
  scoreSegmentation,
  type SegmentationScores,
} from '../../../../domain/evaluate/segmentation/score-segmentation.js';
import { gridOf } from '../../../support/images/image-fixtures.js';

function scoresOf(truth: readonly number[], predicted: readonly number[], isPicture = false): SegmentationScores {
  const grid = gridOf([4, 1, 1], [10, 10, 10]);
  const pair = { grid, isPicture, truth: Uint8Array.from(truth), predicted: Uint8Array.from(predicted) };
  return scoreSegmentation(pair, 1);
}

describe('scoreMeans', () => {
  it('has every number of a segmentation', () => {
    const numbers = Object.keys(scoresOf([0, 1, 0, 0], [0, 1, 1, 0])).filter((name) => name !== 'unit');
    assert.deepEqual([...scoreNames].sort(), numbers.sort());
  });

  it('leaves out the cases for which a number is not defined, and says of how many it is the mean', () => {
    const means = scoreMeans([
      scoresOf([1, 1, 0, 0], [1, 0, 0, 0]), // recall ½
      scoresOf([0, 0, 0, 0], [1, 0, 0, 0]), // an empty truth has no recall
      scoresOf([1, 0, 0, 0], [1, 0, 0, 0]), // recall 1
    ]);
    assert.deepEqual(means.recall, { mean: 0.75, cases: 2 });
    assert.deepEqual(means.volumeError, { mean: (-1 + 1 + 0) / 3, cases: 3 });
    assert.deepEqual(scoreMeans([scoresOf([0, 0, 0, 0], [1, 0, 0, 0])]).recall, { mean: null, cases: 0 });
  });

  it('has no mean of volumes in different units', () => {
    const means = scoreMeans([scoresOf([1, 0, 0, 0], [1, 0, 0, 0]), scoresOf([1, 0, 0, 0], [1, 0, 0, 0], true)]);
    assert.deepEqual(means.truthVolume, { mean: null, cases: 2 });
    assert.deepEqual(means.dice, { mean: 1, cases: 2 });
  });
});
