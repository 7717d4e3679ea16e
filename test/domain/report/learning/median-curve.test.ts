import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { medianCurve } from '../../../../domain/report/learning/median-curve.js';

const curve = (...values: readonly number[]) => values.map((y, index) => ({ x: index + 1, y }));

describe('medianCurve', () => {
  it('is the middle one, or the mean of the two in the middle', () => {
    assert.deepEqual(medianCurve([curve(3, 1), curve(1, 2), curve(2, 9)]), curve(2, 2));
    assert.deepEqual(medianCurve([curve(1), curve(4), curve(2), curve(100)]), curve(3));
  });

  it('goes on while at least half of the trainings do', () => {
    assert.deepEqual(medianCurve([curve(1), curve(2, 4, 6), curve(3, 6), curve(4)]), curve(2.5, 5));
    assert.deepEqual(medianCurve([]), []);
  });
});
