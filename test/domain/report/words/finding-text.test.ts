import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReportedRow } from '../../../../domain/evaluate/evaluation-row.js';
import { randomStream } from '../../../../domain/random/random-stream.js';
import { findingText, overallFinding, type FindingText } from '../../../../domain/report/words/finding-text.js';
import { resultsOf } from '../../../../domain/results/results-of.js';
import type { ResultsInput, TheoryPrediction } from '../../../../domain/results/results-input.js';
import type { TestRules } from '../../../../domain/results/test-rules.js';
import type { Verdict } from '../../../../domain/results/results.js';
import { overallVerdict } from '../../../../domain/results/verdict-of.js';
import { compareLosses } from '../../../../domain/statistics/compare-losses.js';

interface Shape {
  readonly ce?: number | undefined;
  readonly sd?: number | undefined;
  readonly participants?: number;
  readonly theory?: readonly TheoryPrediction[];
  readonly decides?: TestRules['decides'];
  readonly correction?: TestRules['correction'];
  readonly folds?: number;
  /** Standard deviation of the volume errors beside ± 0.3. */
  readonly noise?: number;
}

/** Results of a data set whose arms have the given mean volume errors ± 0.3; an arm without a mean has no results. */
function resultsInput({
  ce,
  sd,
  participants = 30,
  theory = [],
  folds = 5,
  noise = 0.01,
  ...rules
}: Shape): ResultsInput {
  const { decides = 'conditional', correction = 'none' } = rules;
  const random = randomStream('finding');
  const deviations = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 0.3 : -0.3) + random.normal(0, noise));
  const rows = [['ce', ce] as const, ['sd', sd] as const].flatMap(([loss, mean]) =>
    mean === undefined
      ? []
      : deviations.map((deviation, i): ReportedRow => {
          const volumeError = mean + deviation;
          const dice = (loss === 'sd' ? 0.8 : 0.7) + deviation / 100;
          const metrics = {
            crossEntropy: 0.1,
            softDiceScore: dice,
            dice,
            unit: 'ml' as const,
            truthVolume: 10,
            unpredictableVolume: 0,
            predictedVolume: 10 + volumeError,
            predictedVolumeThresholded: 10 + volumeError,
            volumeError,
          };
          return {
            dataSet: 'd',
            caseId: `c${i}`,
            participant: `p${i % participants}`,
            fold: i % folds,
            model: 'unet',
            loss,
            ...metrics,
            grid: 'native',
            otherGrid: metrics,
            predictedVolumeOutside: 0,
          };
        }),
  );
  const losses = ['ce', 'sd'];
  const statistics = {
    resamples: 1000,
    significance: 0.05,
    interval: 'percentile',
    stratify: 'none',
    equivalenceMargin: 0.05,
  } as const;
  const comparisons = compareLosses({ rows, losses, statistics, random: (name) => randomStream(name) });
  return {
    dataSets: [{ name: 'd', unit: 'ml', cases: 30, participants, quality: [] }],
    models: ['lr', 'unet'],
    losses,
    folds: [0, 1, 2, 3, 4],
    repeats: 1,
    rows,
    grid: 'native',
    comparisons,
    rules: { decides, correction, significance: 0.05 },
    equivalenceMargin: 0.05,
    theory,
    gaps: [],
    collapses: [],
  };
}

function finding(shape: Shape): FindingText & Verdict {
  const results = resultsOf(resultsInput(shape));
  const [dataSet] = results.dataSets;
  assert.ok(dataSet !== undefined);
  return { ...findingText(dataSet, results), ...dataSet.verdict };
}

describe('findingText', () => {
  it("reports the paper's finding if the numbers show it: soft Dice overestimates, cross-entropy is unbiased", () => {
    const { sentence, badge, remarks, biased } = finding({ ce: 0, sd: 2.31 });
    assert.match(
      sentence,
      /^Soft Dice minus cross-entropy: ΔV \+2\.31 ml \(95 % CI \+2\.\d\d to \+2\.\d\d, p = 0\.002\)\. Trained with soft Dice, U-Net overestimates the volume by 2\.31 ml, \+23 % of the mean true volume \(95 % CI \+2\.\d\d to \+2\.\d\d, p = 0\.002\); trained with cross-entropy, it shows no significant volume bias \(ΔV .* ml, 95 % CI .*, p = 0\.\d\d\), and its mean volume error lies within ±5 % of the mean true volume \(equivalence p [=<] 0\.\d+\)\.$/,
    );
    assert.equal(badge, 'bias with soft Dice');
    assert.deepEqual(biased, ['sd']);
    assert.match(remarks.join('\n'), /Dice is higher with soft Dice: 0\.800 versus 0\.700/);
  });

  it('reports no significant bias if there is none', () => {
    const { sentence, badge, biased } = finding({ ce: 0, sd: 0 });
    assert.equal(badge, 'no significant bias');
    assert.deepEqual(biased, []);
    assert.doesNotMatch(sentence, /overestimates|underestimates/);
    assert.equal(sentence.match(/no significant volume bias/g)?.length, 2);
  });

  it('says that the volume is underestimated for a mean below 0', () => {
    assert.match(
      finding({ ce: 0, sd: -2 }).sentence,
      /soft Dice, U-Net underestimates the volume by 2\.00 ml, −20 % of/,
    );
  });

  it('names only cross-entropy if only cross-entropy is biased', () => {
    const { sentence, badge } = finding({ ce: -6.78, sd: 0 });
    assert.match(sentence, /\. Trained with cross-entropy, U-Net underestimates the volume by 6\.78 ml/);
    assert.equal(badge, 'bias with cross-entropy');
  });

  it('names the larger bias first if both losses are biased', () => {
    const { sentence, badge } = finding({ ce: -1, sd: 3 });
    assert.match(
      sentence,
      /\. Trained with soft Dice, U-Net overestimates .*; trained with cross-entropy, it underestimates/,
    );
    assert.equal(badge, 'bias with both losses');
  });

  it('names a loss without results and mentions gaps', () => {
    const { sentence, remarks } = finding({ ce: 0 });
    assert.match(sentence, /trained with soft Dice, it has no results/);
    assert.match(remarks.join(' '), /Some folds have no results/);
    assert.deepEqual(finding({}).sentence, 'No arm has results for this data set.');
  });

  it('makes no claim from one participant and warns about few participants', () => {
    const alone = finding({ ce: 0, sd: 2, participants: 1 });
    assert.match(alone.sentence, /has a mean volume error of \+2\.0\d ml, which cannot be tested with one participant/);
    assert.deepEqual([alone.badge, alone.tested], ['not testable', []]);
    const few = finding({ ce: 0, sd: 2, participants: 9 });
    assert.match(few.sentence, /has a mean volume error of \+2\.0\d ml, which 9 participants are too few to test/);
    assert.match(few.remarks.join(' '), /Only 9 participants: .* so nothing is marked\..*/);
    assert.match(few.remarks.join(' '), /Dice is 0\.800 versus 0\.700 with soft Dice and cross-entropy\./);
    assert.deepEqual([few.badge, few.tested, few.biased, few.equivalent], ['too few participants', [], [], []]);
    assert.deepEqual(finding({ ce: 0, sd: 2, participants: 10 }).biased, ['sd']);
    assert.doesNotMatch(finding({ ce: 0, sd: 2 }).remarks.join(' '), /Only/);
  });

  it("reports the theory's prediction for the same cases, its expectation, and what remains", () => {
    const one = { dataSet: 'd', loss: 'sd', predictedVolume: 12.5, expectedVolume: 9.6 };
    const theory = Array.from({ length: 30 }, (_, i) => ({ ...one, caseId: `c${i}` }));
    assert.match(
      finding({ ce: 0, sd: 2, theory }).remarks.join('\n'),
      /^Predicted by theory for a perfect learner on the same cases: \+2\.50 ml with soft Dice \(\+2\.90 in expectation, measured minus theory −0\.(49|50)\d*\)\.$/m,
    );
  });

  it('follows the test that decides, and says which one lacks the folds', () => {
    const decides = 'includingTraining';
    const { sentence } = finding({ ce: 0, sd: 2.31, decides });
    assert.match(sentence, /soft Dice, U-Net overestimates .* \(95 % CI \+2\.\d\d to \+2\.\d\d, p < 0\.001\);/);
    const oneFold = finding({ ce: 0, sd: 2, folds: 1, decides });
    assert.match(oneFold.sentence, /\+2\.0\d ml, which cannot be tested with one fold/);
    assert.deepEqual([oneFold.badge, oneFold.tested], ['not testable', []]);
    assert.equal(finding({ ce: 0, sd: 2, folds: 1 }).badge, 'bias with soft Dice');
  });

  it('does not take the absence of significance for the absence of bias', () => {
    const { sentence } = finding({ ce: 0.45, sd: 0.45, decides: 'includingTraining', noise: 3 });
    assert.equal(
      sentence.match(
        /but its mean volume error is not shown to lie within ±5 % of the mean true volume \(equivalence p = 0\.\d+\)/g,
      )?.length,
      2,
    );
  });

  it('says that a significant bias is small where it lies within the margin of equivalence', () => {
    assert.match(
      finding({ ce: 0.3, sd: 0 }).sentence,
      /overestimates the volume by 0\.304 ml, .*, p = 0\.\d+\); this bias lies within ±5 % of the mean true volume \(equivalence p/,
    );
  });

  it('gives adjusted p-values beside the others', () => {
    assert.match(finding({ ce: 0, sd: 2, correction: 'holm' }).sentence, /p = 0\.002, Holm-adjusted p = 0\.004\)/);
  });
});

describe('overallFinding', () => {
  it('counts biased data sets by loss', () => {
    const overall = (...shapes: readonly Shape[]): string => {
      const dataSets = shapes.flatMap((shape) => resultsOf(resultsInput(shape)).dataSets);
      return overallFinding({
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
      overallFinding(resultsOf(resultsInput({ ce: 0, sd: 2 }))),
      /^Soft Dice instead of cross-entropy changes the mean volume that U-Net predicts by \+2\.0\d ml \(95 % CI \+[12]\.\d\d to \+2\.\d\d, p = 0\.002\) in d\. The volumes predicted by/,
    );
    assert.match(overallFinding(resultsOf(resultsInput({ ce: 0 }))), /^The volumes predicted by/);
  });

  it('counts differences where there are too many to list', () => {
    const input = resultsInput({ ce: 0, sd: 2 });
    const rows = input.rows.flatMap((row) => (row.loss === 'ce' ? [row, { ...row, loss: 'third' }] : [row]));
    assert.match(
      overallFinding(resultsOf({ ...input, losses: ['ce', 'sd', 'third'], rows })),
      /^Compared with cross-entropy, other losses significantly change the mean volume that U-Net predicts: soft Dice in 1 of 1 data set\. /,
    );
  });

  it('names collapsed trainings', () => {
    const collapse = { dataSet: 'd', model: 'unet', loss: 'sd', fold: 0, kept: true, sinceEpoch: 2 };
    const finding = overallFinding(resultsOf({ ...resultsInput({ ce: 0, sd: 2 }), collapses: [collapse] }));
    assert.match(finding, / 1 training collapsed; the means include it\.$/);
  });
});
