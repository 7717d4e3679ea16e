import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { legendOf } from '../../../../domain/report/table1/table1-labels.js';
import { findingText, overallFinding } from '../../../../domain/report/words/finding-text.js';
import type { CollapsedTraining, TrainingEnding } from '../../../../domain/results/results-input.js';
import type { Results } from '../../../../domain/results/results.js';
import { resultsOf } from '../../../../domain/results/results-of.js';
import { overallVerdict } from '../../../../domain/results/verdict-of.js';
import { resultsInput, type Shape } from '../../../support/finding-results.js';

/** The sentences as the page reads. */
const overallText = (results: Results): string => overallFinding(results).join(' ');

describe('overallFinding', () => {
  it('counts biased data sets by loss', () => {
    const overall = (...shapes: readonly Shape[]): string => {
      const dataSets = shapes.flatMap((shape) => resultsOf(resultsInput(shape)).dataSets);
      return overallText({
        ...resultsOf(resultsInput({})),
        dataSets,
        overall: overallVerdict(dataSets, ['ce', 'sd']),
      });
    };
    const finding = overall({ ce: 0, sd: 2 }, { ce: 0, sd: 0 }, { ce: 0, sd: -1 });
    assert.equal(
      finding.slice(finding.indexOf('The volumes predicted')),
      'The volumes predicted by U-Net were significantly biased in 2 of the 3 data sets after training with soft Dice, and in none of the 3 data sets after training with cross-entropy (test conditional on these trained networks). Their mean error was shown to lie within ±5 % of the mean true volume in 1 of the 3 data sets after training with soft Dice, and in 3 of the 3 data sets after training with cross-entropy.',
    );
    assert.match(overall({}), /not enough results/);
  });

  it('leads with the difference between the losses and its interval', () => {
    assert.match(
      overallText(resultsOf(resultsInput({ ce: 0, sd: 2 }))),
      /^Soft Dice instead of cross-entropy changes the mean volume that U-Net predicts by \+2\.0\d ml \(95 % CI \+[12]\.\d\d to \+2\.\d\d, p = 0\.002\)\. The volumes predicted by U-Net were significantly biased after training with soft Dice, but not with cross-entropy \(/,
    );
    assert.match(overallText(resultsOf(resultsInput({ ce: 0 }))), /^The volumes predicted by/);
  });

  it('does not call a difference a change that is not significant', () => {
    assert.match(
      overallText(resultsOf(resultsInput({ ce: 0, sd: 0 }))),
      /^With soft Dice instead of cross-entropy, no significant change of the mean volume that U-Net predicts is shown: by \S+ ml \(95 % CI \S+ to \S+, p = \S+\)\. The volumes predicted by U-Net were not significantly biased after training with cross-entropy and soft Dice \(/,
    );
  });

  it('leads with the differences of several losses, and with their range where there are too many to list', () => {
    const one = resultsInput({ ce: 0, sd: 2 });
    const third = one.rows.flatMap((row) => (row.loss === 'ce' ? [{ ...row, loss: 'softJaccard' }] : []));
    const input = { ...one, losses: ['ce', 'sd', 'softJaccard'], rows: [...one.rows, ...third] };
    assert.match(
      overallText(resultsOf(input)),
      /^Soft Dice instead of cross-entropy changes the mean volume that U-Net predicts by \+2\.0\d ml \(95 % CI [^)]*\)\. The volumes/,
    );
    const results = resultsOf(one);
    const [dataSet] = results.dataSets;
    const dataSets = Array.from({ length: 7 }, (_, index) => ({
      ...dataSet,
      name: `d${index}`,
    })) as typeof results.dataSets;
    assert.match(
      overallText({ ...results, dataSets, overall: overallVerdict(dataSets, ['ce', 'sd']) }),
      /^Compared with cross-entropy, the mean volume that U-Net predicts differs significantly with soft Dice \(by \+2\.0\d ml in 7 of 7 data sets\)\. /,
    );
  });

  it('is beside a remark on trainings that might have gone on, in the card and under Table 1', () => {
    const place = { dataSet: 'd', model: 'unet', loss: 'ce' };
    const endings = [true, false, true].map((isUnfinished) => ({ ...place, isUnfinished, lastImprovement: 0 }));
    const shown = (of: typeof endings): string => {
      const results = resultsOf({ ...resultsInput({ ce: 0, sd: 2 }), endings: of });
      const [dataSet] = results.dataSets;
      assert.ok(dataSet);
      return [...findingText(dataSet, results).remarks, ...legendOf(results)].join('\n');
    };
    assert.match(shown(endings), /^2 of 3 trainings of U-Net ended at the limit of epochs while still improving/m);
    assert.match(shown(endings), /^2 of 3 trainings ended at training\.maxEpochs while still improving/m);
    assert.match(shown(endings.filter(({ isUnfinished }) => isUnfinished)), /^All 2 trainings of U-Net ended/m);
    assert.doesNotMatch(shown([{ ...place, isUnfinished: false, lastImprovement: 0 }]), /improving/);
  });

  it('does not judge a loss by networks that were cut short or that collapsed', () => {
    const place = { dataSet: 'd', model: 'unet', isUnfinished: true };
    const trained = (loss: string, ...improvements: (number | null)[]): TrainingEnding[] =>
      improvements.map((lastImprovement) => ({ ...place, loss, lastImprovement }));
    const of = (endings: readonly TrainingEnding[], collapses: readonly CollapsedTraining[] = []) => {
      const results = resultsOf({ ...resultsInput({ ce: 1, sd: 2 }), endings, collapses });
      const [dataSet] = results.dataSets;
      assert.ok(dataSet);
      return { overall: overallText(results), ...findingText(dataSet, results), verdict: dataSet.verdict };
    };
    const short = of([...trained('ce', 0.3, null, 0.02), ...trained('sd', 0.01, 0.1, 0.05)]);
    assert.deepEqual([short.verdict.tested, short.verdict.biased], [['sd'], ['sd']]);
    assert.equal(
      short.overall,
      'The volumes predicted by U-Net were significantly biased after training with soft Dice (test conditional on these trained networks). Not judged: U-Net CE, whose trainings were cut short far from their end (the loss still fell by more than 10 % in the last epoch); raise training.maxEpochs.',
    );
    assert.match(
      short.sentence,
      /trained with cross-entropy, (it|U-Net) has a mean volume error of \S+ ml, which says nothing/i,
    );
    assert.doesNotMatch(short.sentence, /minus/);
    const both = of([...trained('ce', null), ...trained('sd', null)]);
    assert.equal(both.badge, 'trainings cut short');
    assert.match(both.overall, /^Not judged: U-Net CE and U-Net SD, whose trainings were cut short/);
    const collapse = { dataSet: 'd', model: 'unet', loss: 'sd', kept: true, sinceEpoch: 2 };
    const ended = [...trained('ce', 0, 0), ...trained('sd', 0, 0, 0)];
    const flat = of(
      ended,
      [0, 1].map((fold) => ({ ...collapse, fold })),
    );
    assert.match(flat.overall, / Not judged: U-Net SD, whose trainings collapsed to one probability everywhere\.$/);
    assert.deepEqual(flat.verdict.tested, ['ce']);
    assert.deepEqual(of(ended, [{ ...collapse, fold: 0 }]).verdict.tested.toSorted(), ['ce', 'sd']);
  });

  it('tests nothing on too few participants, and says so', () => {
    const results = resultsOf(resultsInput({ ce: 0, sd: 2, participants: 8 }));
    assert.equal(overallText(results), 'No volume error is tested: 8 participants are too few (at least 10).');
    const [dataSet] = results.dataSets;
    assert.ok(dataSet && !/ p = |CI/.test(findingText(dataSet, results).sentence));
  });

  it('names collapsed trainings', () => {
    const collapse = { dataSet: 'd', model: 'unet', loss: 'sd', fold: 0, kept: true, sinceEpoch: 2 };
    const finding = overallText(resultsOf({ ...resultsInput({ ce: 0, sd: 2 }), collapses: [collapse] }));
    assert.match(finding, / 1 training collapsed \(U-Net SD on d\); the means include it\.$/);
  });
});
