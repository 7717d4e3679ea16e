import assert from 'node:assert/strict';
import test from 'node:test';

import { methodsOf } from '../../../../domain/report/words/methods.js';
import { syntheticReportInput } from '../synthetic-report-input.js';

test('the methods say which fall of the validation loss counted, and over which voxels losses ran', () => {
  const input = syntheticReportInput();
  const training = (minDelta: number | { relative: number }): string => {
    const config = { ...input.config, training: { ...input.config.training, minDelta } };
    return methodsOf({ ...input, config }).find(({ heading }) => heading === 'Training')?.text ?? '';
  };
  assert.match(
    training({ relative: 0.001 }),
    /75 epochs in which the validation loss did not fall by more than 0\.1 %\./,
  );
  assert.match(training(1e-4), /75 epochs in which the validation loss did not fall by more than 0\.0001\./);
  assert.match(training(1e-4), /over the voxels of the image inside its mask \(if any\), not over padding/);
});

test('the methods say how often each training was done, what was drawn anew, and how repeats count', () => {
  const input = syntheticReportInput();
  const textWith = (changes: Partial<(typeof input)['config']['training']>): string => {
    const config = { ...input.config, training: { ...input.config.training, ...changes } };
    return methodsOf({ ...input, config })
      .map(({ text }) => text)
      .join(' ');
  };
  const thrice = textWith({ repeats: 3, augmentation: {} });
  assert.match(thrice, /Each case was evaluated by the 3 networks trained without its fold\./);
  assert.match(
    thrice,
    /done 3 times \(repeats\) on the same training and validation cases, with initial weights, case order and augmentation drawn anew; each case counts with the mean of its metrics over the repeats\./,
  );
  assert.match(thrice, /each of the 5 folds’ trainings as random too, averaged over their repeats\./);
  assert.match(textWith({ repeats: 3 }), /cases, with initial weights and case order drawn anew/);
  const once = textWith({});
  assert.doesNotMatch(once, /repeat/);
  assert.match(once, /Each case was evaluated once, by the network trained without its fold\./);
});

test('the methods say that axes are not perpendicular, but only if some are', () => {
  const input = syntheticReportInput();
  const [first, ...others] = input.results.dataSets;
  assert.ok(first !== undefined);
  const textWith = (sheared: readonly string[], largestShearDegrees: number): string => {
    const preparation = { ...first.preparation, sheared, largestShearDegrees };
    const results = { ...input.results, dataSets: [{ ...first, preparation }, ...others] };
    return methodsOf({ ...input, results }).find(({ heading }) => heading === first.name)?.text ?? '';
  };
  const sentence =
    /The axes of 2 cases were not perpendicular \(by up to 20\.0°\); their voxels measure 2 mm along these/;
  assert.match(textWith(['a', 'b'], 20), sentence);
  assert.doesNotMatch(textWith([], 0), /perpendicular/);
});
