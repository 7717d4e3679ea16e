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
