import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { inlineSvg } from '../../../../domain/figures/figure.js';
import { learningFigure } from '../../../../domain/report/figures/learning-figure.js';
import type { TrainingCurve } from '../../../../domain/report/learning/training-curve.js';
import { traceWords } from '../../../../domain/report/words/trace-words.js';
import { renderReport } from '../../../../domain/report/page/render-report.js';
import { syntheticReportInput } from '../synthetic-report-input.js';
import { syntheticTraining } from '../synthetic-trainings.js';

const input = syntheticReportInput();
const trace = traceWords(input.sweepId, input.origins);
const draw = (trainings: readonly TrainingCurve[]): string =>
  inlineSvg(learningFigure(input.results, trainings, trace)).source;

/** The marks of one training: where its dot is, and the places of its ticks. */
function marksOf(svg: string, unit: string): { dot: number; ticks: number[] } {
  const group = new RegExp(`<g><title>${unit}: .*?</g>`, 's').exec(svg)?.[0] ?? '';
  const ticks = [...group.matchAll(/class="whisker" d="M([\d.]+) /g)].map(([, x]) => Number(x));
  return { dot: Number(/<circle class="mark" cx="([\d.]+)"/.exec(group)?.[1]), ticks };
}

describe('the figure of learning curves', () => {
  it('has two thin lines for each training and two bold ones for their medians', () => {
    const svg = draw([0, 1, 2].map((fold) => syntheticTraining([1, 0.5, 0.4 + fold / 10], { fold })));
    assert.equal(svg.split('class="curve thin soft dash-0"').length - 1, 3);
    assert.equal(svg.split('class="curve thin soft dash-1"').length - 1, 3);
    assert.equal(svg.split('class="curve dash-0"').length - 1, 1);
    assert.equal(svg.split('class="curve dash-1"').length - 1, 1);
    // Four data sets, two losses and three models, of which one has trainings.
    assert.equal(svg.split('no results').length - 1, 4 * 2 * 3 - 1);
  });

  it('marks the chosen epoch, where the rate drops, and where the training ends', () => {
    const svg = draw([
      syntheticTraining([1, 0.2, 0.5, 0.6, 0.7]),
      syntheticTraining([1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2], { fold: 1 }),
    ]);
    const short = marksOf(svg, 'train phantom-2d-high/unet/sd/fold-0');
    const long = marksOf(svg, 'train phantom-2d-high/unet/sd/fold-1');
    // Nine epochs from the panel's left end to its right one: the same distance from each to the next.
    const [drop = NaN, end = NaN] = long.ticks;
    assert.equal(long.ticks.length, 2);
    assert.equal(long.dot, end);
    const step = (end - drop) / 6;
    assert.ok(step > 10);
    assert.ok(Math.abs(short.dot - (drop - step)) < 0.2);
    assert.deepEqual(
      short.ticks.map((x) => Math.round((x - drop) / step)),
      [0, 2],
    );
    assert.match(
      svg,
      /fold-0: epoch 2 of 5 chosen; ended because the validation loss no longer fell: volbias trace quickstart-5f2c9a1be07d &#39;train phantom-2d-high\/unet\/sd\/fold-0&#39; \(its key: /,
    );
    // The rates, in the strip below.
    assert.match(svg, />0\.01<.*>0\.002</s);
  });

  it('stays small however long trainings are, and keeps their last epoch', () => {
    const losses = Array.from({ length: 5000 }, (_, index) => 1 / (1 + index) + (index % 7) / 100);
    const svg = draw([syntheticTraining(losses)]);
    assert.ok(svg.length < 40_000, String(svg.length));
    const [, path = ''] = /class="curve thin soft dash-0" d="([^"]*)"/.exec(svg) ?? [];
    assert.ok(path.split('L').length <= 122);
    const [lastX] = (path.split('L').at(-1) ?? '').split(',');
    assert.ok(
      Math.abs(Number(lastX) - (marksOf(svg, 'train phantom-2d-high/unet/sd/fold-0').ticks.at(-1) ?? NaN)) < 0.1,
    );
  });

  it('is on the page if there are trainings', () => {
    const trainings = [syntheticTraining([1, 0.5])];
    assert.match(renderReport({ ...input, trainings }), /<h2>Learning curves<\/h2>/);
    assert.doesNotMatch(renderReport({ ...input, trainings: [] }), /Learning curves/);
  });
});
