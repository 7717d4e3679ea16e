import assert from 'node:assert/strict';
import test from 'node:test';

import { contenders, figuresOf, least, type Figures } from './unet-rounds.js';

test('figures are medians over the rounds, and the first sixth of the steps does not count', () => {
  const rounds = [10, 30, 20].map((step) => ({
    milliseconds: [1000, step, step, step, step, step],
    prediction: step / 2,
    peakMebibytes: step + 1,
  }));
  assert.deepEqual(figuresOf(rounds), { step: 20, prediction: 10, peakMebibytes: 21 });
});

const figures: ReadonlyMap<string, Figures> = new Map([
  ['quick', { step: 9, prediction: 9, peakMebibytes: 900 }],
  ['near', { step: 12, prediction: 20, peakMebibytes: 2000 }],
  ['lean', { step: 30, prediction: 30, peakMebibytes: 300 }],
  ['far', { step: 13, prediction: 13, peakMebibytes: 500 }],
]);

test('each figure has its own best', () => {
  assert.deepEqual(least(figures, 'step'), { name: 'quick', value: 9 });
  assert.deepEqual(least(figures, 'peakMebibytes'), { name: 'lean', value: 300 });
});

test('what is more than a third slower than the fastest, in step and prediction, is not measured again', () => {
  assert.deepEqual(contenders(figures), ['quick', 'near']);
});
