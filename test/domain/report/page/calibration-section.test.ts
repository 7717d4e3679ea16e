import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { calibrationSection } from '../../../../domain/report/page/calibration-section.js';
import { calibrationText } from '../../../../domain/report/words/calibration-text.js';
import { formatNumber } from '../../../../domain/report/words/format-number.js';
import { traceWords } from '../../../../domain/report/words/trace-words.js';
import type { Calibration } from '../../../../domain/results/calibration-of.js';
import { resultsOf } from '../../../../domain/results/results-of.js';
import type { ResultsInput } from '../../../../domain/results/results-input.js';
import { syntheticOrigins } from '../synthetic-origins.js';
import { syntheticResultsInput, syntheticRows } from '../synthetic-report-input.js';

const sectionOf = (input: ResultsInput): string =>
  calibrationSection(resultsOf(input), traceWords('s', syntheticOrigins(input))).source;

describe('the section on calibration', () => {
  it('shows the numbers of every arm, and one mark for each of its bins', () => {
    const input = syntheticResultsInput();
    const page = sectionOf(input);
    const arms = resultsOf(input).dataSets.flatMap((dataSet) => dataSet.arms);
    const [figure = ''] = /<figure>.*?<\/figure>/s.exec(page) ?? [];
    let bins = 0;
    for (const { calibration } of arms) {
      assert.ok(calibration !== null && calibration.slope !== null);
      bins += calibration.bins.length;
      for (const value of [calibration.expectedCalibrationError, calibration.slope]) {
        assert.ok(page.includes(`>${formatNumber(value)}</td>`), String(value));
      }
    }
    assert.equal(figure.match(/<title>(CE|SD), ŷ from/g)?.length, bins);
    assert.equal(figure.split('class="curve thin"').length - 1, arms.length);
    assert.doesNotMatch(page, /NaN|undefined|null|Infinity/);
  });

  it('says in a sentence for each data set which probabilities can be believed', () => {
    // The probabilities of soft Dice have log-odds eight times too large.
    const sentences = [...sectionOf(syntheticResultsInput()).matchAll(/<p>(In phantom[^<]*)<\/p>/g)];
    assert.equal(sentences.length, 4);
    for (const [, sentence = ''] of sentences) {
      assert.match(
        sentence,
        /^In phantom-\S+, the probabilities of U-Net are calibrated with cross-entropy \(slope \d.*\) and too extreme with soft Dice \(slope 0\.1.*\)\.$/,
      );
    }
  });

  it('follows the numbers, whatever the losses are called', () => {
    const [dataSet] = resultsOf(syntheticResultsInput()).dataSets;
    assert.ok(dataSet !== undefined);
    const textFor = (changes: Partial<Calibration>): string => {
      const arms = dataSet.arms.flatMap((arm) =>
        arm.calibration === null || arm.loss !== 'ce'
          ? []
          : { ...arm, calibration: { ...arm.calibration, ...changes } },
      );
      return calibrationText({ ...dataSet, arms }) ?? '';
    };
    assert.match(
      textFor({ slope: 0.3, uncertainShare: 0.02 }),
      / are all or nothing with .*\(slope 0\.300; .* misplaced; 2\.0 % at 0\.1/,
    );
    assert.match(textFor({ slope: 0.3, uncertainShare: 0.2 }), / are too extreme with /);
    assert.match(textFor({ slope: 3, uncertainShare: 0.2 }), / are not extreme enough with /);
    assert.match(textFor({ slope: 1.2, misplacedShare: 0.1, uncertainShare: 0.02 }), / are calibrated with /);
    // A slope of 1 alone does not make a curve the diagonal: all of it may lie above.
    assert.match(textFor({ slope: 1, misplacedShare: 0.11 }), / are not well calibrated with /);
    assert.match(
      textFor({ slope: null, misplacedShare: null, uncertainShare: null }),
      / without a slope of calibration with /,
    );
  });

  it('says so where an arm has no results, and is left out where none has', () => {
    const only = syntheticRows().filter(({ model }) => model === 'lr');
    const page = sectionOf(syntheticResultsInput(only));
    assert.equal(page.match(/no results/g)?.length, 4 * 2);
    assert.doesNotMatch(page, /NaN|undefined|null|Infinity/);
    assert.equal(sectionOf(syntheticResultsInput([])), '');
  });
});
