import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findingText, overallFinding } from '../../../../domain/report/words/finding-text.js';
import { formatP } from '../../../../domain/report/words/format-number.js';
import { resultsOf } from '../../../../domain/results/results-of.js';
import { finding, resultsInput } from '../../../support/finding-results.js';

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

  it('gives the p-value of the test that does not decide for each arm that is tested', () => {
    for (const [decides, other] of [
      ['includingTraining', 'conditional'],
      ['conditional', 'includingTraining'],
    ] as const) {
      const words = {
        conditional: 'conditional on these trained networks',
        includingTraining: 'including the training',
      };
      const arms = resultsOf(resultsInput({ ce: 0, sd: 2.31, decides })).dataSets[0]?.arms.slice(-2) ?? [];
      const [ce, sd] = arms.map(({ cells }) => formatP(cells.volumeError.againstZero?.[other]?.pValue ?? NaN));
      const remark = `The test ${words[other]}, which does not decide: ${sd} with soft Dice and ${ce} with cross-entropy.`;
      assert.equal(finding({ ce: 0, sd: 2.31, decides }).remarks[0], remark);
    }
    assert.doesNotMatch(finding({ ce: 0, sd: 2, participants: 9 }).remarks.join(' '), /does not decide/);
    assert.doesNotMatch(finding({ ce: 0, sd: 2, folds: 1 }).remarks.join(' '), /does not decide/);
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

  it('gives shares of the volume that networks could see', () => {
    const { sentence, remarks } = finding({ ce: 0.3, sd: 2.31, cutOff: 3, decides: 'includingTraining' });
    // 2.31 of 7, not of 10; and a margin of 0.35, not 0.5.
    assert.match(sentence, /by 2\.31 ml, \+33 % of the mean true volume that networks could see \(/);
    const { equivalence } = resultsOf(resultsInput({ ce: 0.3, cutOff: 3 })).dataSets[0]?.arms.at(-2)?.cells.volumeError
      .againstZero ?? { equivalence: null };
    assert.ok(Math.abs((equivalence?.margin ?? 0) - 0.35) < 1e-12);
    assert.match(
      remarks.join(' '),
      /No network could see 3\.00 ml \(30 %\).*CE, 1 − SD and Dice count that part as missed/,
    );
  });

  it('judges a loss without probabilities by its masks, and marks and compares no sum of its outputs', () => {
    const shape = { ce: 0, sd: 7.14, other: 'lovaszHinge', hard: 0 };
    const { sentence, badge, remarks } = finding(shape);
    assert.equal(badge, 'no significant bias');
    assert.match(sentence, /^Trained with cross-entropy, U-Net shows no significant volume bias/);
    assert.match(sentence, /trained with Lovász hinge, it shows no significant mask-volume bias \(ΔV [+−]0\.0/);
    assert.match(
      remarks.join(' '),
      /Lovász hinge yield no probabilities: their masks are judged, and their ΔV is not marked/,
    );
    const biased = finding({ ...shape, hard: -2 });
    assert.match(biased.sentence, /Lovász hinge, U-Net underestimates the volume of its masks by 2\.00 ml, −20 % of/);
    assert.doesNotMatch(overallFinding(resultsOf(resultsInput(shape))).join(' '), /7\.14|instead of/);
    const [arm] =
      resultsOf(resultsInput(shape))
        .dataSets[0]?.arms.filter(({ loss }) => loss === 'lovaszHinge')
        .slice(-1) ?? [];
    assert.deepEqual(arm?.cells.volumeError.mark, { bias: null, better: false, incomplete: false });
  });

  it('says of a collapse that the means are of no use', () => {
    const collapse = { dataSet: 'd', model: 'unet', loss: 'sd', fold: 0, kept: true, sinceEpoch: 2 };
    const results = resultsOf({ ...resultsInput({ ce: 0, sd: 2 }), collapses: [collapse] });
    const [dataSet] = results.dataSets;
    const { remarks } = findingText(dataSet as (typeof results.dataSets)[number], results);
    assert.match(remarks[0] ?? '', /^1 training with soft Dice collapsed to a constant prediction/);
  });

  it('gives adjusted p-values beside the others', () => {
    assert.match(finding({ ce: 0, sd: 2, correction: 'holm' }).sentence, /p = 0\.002, Holm-adjusted p = 0\.004\)/);
  });
});
