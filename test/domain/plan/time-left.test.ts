import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { TimeLeft } from '../../../domain/plan/time-left.js';

const training = (model: string, fold: number, dataSet = 'flat'): string => `train ${dataSet}/${model}/ce/fold-${fold}`;

describe('the time that a sweep still takes', () => {
  it('is not known before anything tells', () => {
    const left = new TimeLeft([]);
    assert.equal(left.left([training('unet', 0)], 0), undefined);
    left.runs(training('unet', 0), 0.01, 0);
    assert.equal(left.left([training('unet', 0)], 5), undefined);
  });

  it('weighs units by what their arms took, not by their number', () => {
    // One after the other: 10 s each with logistic regression, 100 s each with the U-Net, as before.
    const before = [
      { unit: training('lr', 0), seconds: 10 },
      { unit: training('unet', 0), seconds: 100 },
    ];
    const left = new TimeLeft(before);
    left.runs(training('lr', 1), 0, 0);
    left.ends(training('lr', 1), 10);
    // 10 s of weight took 10 s; 10 + 2 · 100 remain.
    assert.equal(left.left([training('lr', 2), training('unet', 1), training('unet', 2)], 10), 210);
  });

  it('counts parts of running units, and trainings side by side', () => {
    const left = new TimeLeft([{ unit: training('unet', 9), seconds: 100 }]);
    // Two at a time: after 50 s, half of both, 100 s of weight. Left are two halves and two more: 300, at 2 a second.
    for (const fold of [0, 1]) {
      left.runs(training('unet', fold), 0, 0);
      left.runs(training('unet', fold), 0.5, 50);
    }
    assert.equal(
      left.left(
        [0, 1, 2, 3].map((fold) => training('unet', fold)),
        50,
      ),
      150,
    );
  });

  it('takes a machine that is slower than before for what it is', () => {
    const left = new TimeLeft([{ unit: training('unet', 9), seconds: 10 }]);
    left.runs(training('unet', 0), 0.5, 100);
    assert.equal(left.left([training('unet', 0)], 100), 100);
  });

  it('expects of an arm without a record what its network took elsewhere, else what its step took', () => {
    const left = new TimeLeft([
      { unit: training('unet', 0), seconds: 30 },
      { unit: training('lr', 0), seconds: 10 },
    ]);
    left.runs(training('lr', 1), 0, 0);
    left.ends(training('lr', 1), 10);
    assert.equal(left.left([training('unet', 0, 'solid')], 10), 30);
    // The mean of 30, 10 and 10 s.
    assert.ok(Math.abs((left.left([training('convnet', 0)], 10) ?? 0) - 50 / 3) < 1e-12);
  });

  it('learns from running units of an arm that has no record', () => {
    const left = new TimeLeft([]);
    left.runs(training('unet', 0), 0, 0);
    left.runs(training('unet', 0), 0.25, 20);
    // A quarter took 20 s: 60 s are left of it, and 80 s of the other one.
    assert.equal(left.left([training('unet', 0), training('unet', 1)], 20), 140);
  });

  it('forgets units that were stopped', () => {
    const left = new TimeLeft([{ unit: training('lr', 0), seconds: 10 }]);
    left.runs(training('lr', 1), 0.9, 0);
    left.stops(training('lr', 1));
    assert.equal(left.left([training('lr', 1)], 10), undefined);
  });
});
