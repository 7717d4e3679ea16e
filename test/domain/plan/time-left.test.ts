import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { TimeLeft } from '../../../domain/plan/time-left.js';

const training = (model: string, fold: number, dataSet = 'flat'): string => `train ${dataSet}/${model}/ce/fold-${fold}`;

describe('the time that a sweep still takes', () => {
  it('is not known before anything tells', () => {
    const left = new TimeLeft([]);
    assert.equal(left.left([training('unet', 0)], 0), undefined);
    left.runs(training('unet', 0), 0.01, 0);
    assert.equal(left.left([training('unet', 0)], 50), undefined);
  });

  it('weighs units by what their arms took, not by their number', () => {
    // One after the other: 100 s each with logistic regression, 1000 s each with the U-Net, as before.
    const before = [
      { unit: training('lr', 0), seconds: 100 },
      { unit: training('unet', 0), seconds: 1000 },
    ];
    const left = new TimeLeft(before);
    left.runs(training('lr', 1), 0, 0);
    left.ends(training('lr', 1), 100);
    // 100 s of weight took 100 s; 100 + 2 · 1000 remain.
    assert.equal(left.left([training('lr', 2), training('unet', 1), training('unet', 2)], 100), 2100);
  });

  it('counts parts of running units, and trainings side by side', () => {
    const left = new TimeLeft([{ unit: training('unet', 9), seconds: 1000 }]);
    // Two at a time: after 500 s, half of both, 1000 s of weight. Left are two halves and two more: 3000, at 2 a second.
    for (const fold of [0, 1]) {
      left.runs(training('unet', fold), 0, 0);
      left.runs(training('unet', fold), 0.5, 500);
    }
    assert.equal(
      left.left(
        [0, 1, 2, 3].map((fold) => training('unet', fold)),
        50,
      ),
      150,
    );
  });

  it('does not take for work of this run what a resumed training has done before', () => {
    const left = new TimeLeft([]);
    // From epoch 50 of 100 to 75 in 25 s: the last quarter takes 25 s more, and another training 100 s.
    left.runs(training('unet', 0), 0.5, 0, 0.5);
    left.runs(training('unet', 0), 0.75, 25, 0.5);
    assert.equal(left.left([training('unet', 0)], 25), 25);
    assert.equal(left.left([training('unet', 0), training('unet', 1)], 25), 125);
    // Its end at 50 s tells that a whole one takes 100 s.
    left.ends(training('unet', 0), 50);
    assert.equal(left.left([training('unet', 1)], 50), 100);
  });

  it('takes a machine that is slower than before for what it is', () => {
    const left = new TimeLeft([{ unit: training('unet', 9), seconds: 100 }]);
    left.runs(training('unet', 0), 0.5, 1000);
    assert.equal(left.left([training('unet', 0)], 1000), 1000);
  });

  it('expects of a network without a record what its arithmetic says beside that of measured ones', () => {
    const rough = (unit: string): number => (unit.includes('unet') ? 60 : 2);
    const left = new TimeLeft([{ unit: training('lr', 0), seconds: 10 }], rough);
    left.runs(training('lr', 1), 0, 0);
    left.ends(training('lr', 1), 20);
    // 15 s each in the mean; 20 s of time did 15 of weight. Left are 15 and 30 times that.
    assert.equal(left.left([training('lr', 2), training('unet', 1)], 20), ((15 + 450) * 20) / 15);
  });

  it('expects of an arm without a record what its network took elsewhere, else what its step took', () => {
    const left = new TimeLeft([
      { unit: training('unet', 0), seconds: 300 },
      { unit: training('lr', 0), seconds: 100 },
    ]);
    left.runs(training('lr', 1), 0, 0);
    left.ends(training('lr', 1), 100);
    assert.equal(left.left([training('unet', 0, 'solid')], 100), 300);
    // The mean of 300, 100 and 100 s.
    assert.ok(Math.abs((left.left([training('convnet', 0)], 100) ?? 0) - 500 / 3) < 1e-12);
  });

  it('learns from running units of an arm that has no record', () => {
    const left = new TimeLeft([]);
    left.runs(training('unet', 0), 0, 0);
    left.runs(training('unet', 0), 0.25, 200);
    // A quarter took 200 s: 600 s are left of it, and 800 s of the other one.
    assert.equal(left.left([training('unet', 0), training('unet', 1)], 200), 1400);
  });

  it('takes what the arithmetic of another data set says for more than the mean of the network elsewhere', () => {
    const rough = (unit: string): number => (unit.includes('solid') ? 70 : 10) * (unit.includes('lr') ? 0.1 : 1);
    const left = new TimeLeft([{ unit: training('unet', 0), seconds: 20 }], rough);
    left.runs(training('lr', 1), 0, 0);
    left.ends(training('lr', 1), 30);
    // The U-Net takes twice its arithmetic, and the logistic regression thirty times: 30 s did 30 of weight.
    assert.equal(left.left([training('unet', 0, 'solid')], 30), 140);
  });

  it('soon takes a machine that has become slower for what it is', () => {
    const left = new TimeLeft([{ unit: training('unet', 99), seconds: 10 }]);
    const rest = Array.from({ length: 10 }, (_, fold) => training('unet', 50 + fold));
    // Ten seconds each for ten minutes, then a hundred each.
    let now = 0;
    for (let fold = 0; fold < 60; fold++) {
      left.runs(training('unet', fold), 0, now);
      now += 10;
      left.ends(training('unet', fold), now);
      left.left(rest, now);
    }
    const before = left.left(rest, now) ?? 0;
    for (let fold = 0; fold < 9; fold++) {
      left.runs(training('unet', 70 + fold), 0, now);
      now += 100;
      left.ends(training('unet', 70 + fold), now);
      left.left(rest, now);
    }
    const after = left.left(rest, now) ?? 0;
    // By the whole run it would be 10 · 1500 s / 69 = 217 s.
    assert.ok(Math.abs(before - 100) < 1e-9 && after > 500 && after < 1100, `${before}, then ${after}`);
  });

  it('is not told from the first seconds', () => {
    const left = new TimeLeft([{ unit: training('lr', 0), seconds: 10 }]);
    left.runs(training('lr', 1), 0.5, 0);
    assert.equal(left.left([training('lr', 1)], 14), undefined);
    assert.equal(left.left([training('lr', 1)], 15), 15);
  });

  it('forgets units that were stopped', () => {
    const left = new TimeLeft([{ unit: training('lr', 0), seconds: 100 }]);
    left.runs(training('lr', 1), 0.9, 0);
    left.stops(training('lr', 1));
    assert.equal(left.left([training('lr', 1)], 100), undefined);
  });
});
