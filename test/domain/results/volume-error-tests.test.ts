import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { EvaluationRow } from '../../../domain/evaluate/evaluation-row.js';
import type { SegmentationScores } from '../../../domain/evaluate/segmentation/score-segmentation.js';
import { randomStream } from '../../../domain/random/random-stream.js';
import { volumeTestLines } from '../../../domain/report/segmentation/volume-test-text.js';
import { bootstrap, volumeErrorTests } from '../../../domain/results/volume-error-tests.js';
import { compareLosses } from '../../../domain/statistics/compare-losses.js';
import { someScores } from '../../support/case-scores.js';

type NamedScores = SegmentationScores & { readonly case: string };

/** Cases whose soft volumes are too large by `bias` on average, and whose masks by 1 less. */
function casesOf(count: number, bias: number): NamedScores[] {
  const random = randomStream(7, 'cases');
  return Array.from({ length: count }, (_, index) => {
    const truthVolume = random.uniformBetween(5, 20);
    const volumeError = random.normal(bias, 1);
    const predictedVolume = truthVolume + volumeError;
    return {
      ...{ ...someScores, case: `case-${index}`, unit: 'ml', crossEntropy: 0.1, softDiceScore: 0.8, dice: 0.9 },
      ...{ truthVolume, predictedVolume, volumeError, predictedVolumeThresholded: predictedVolume - 1 },
    };
  });
}

describe('tests of the volume errors of a network trained elsewhere', () => {
  it('are the conditional tests of the pipeline for the same cases, in whatever order', () => {
    const cases = casesOf(14, 0.8);
    const rows = cases.map(({ case: caseId, ...scores }, index): EvaluationRow => {
      const place = { dataSet: 'any', participant: caseId, fold: index % 5, model: 'unet', loss: 'sd' };
      return { ...scores, ...place, caseId, unpredictableVolume: 0 };
    });
    const comparisons = compareLosses({
      ...{ rows, losses: ['sd'], random: () => randomStream(bootstrap.seed, 'evaluate', 'bootstrap') },
      statistics: {
        ...{ resamples: bootstrap.resamples, significance: 1 - bootstrap.confidence, interval: 'percentile' },
        ...{ stratify: 'none', equivalenceMargin: 0.05 },
      },
    });
    for (const given of [cases, cases.toReversed()]) {
      const tests = volumeErrorTests(given);
      assert.ok(tests);
      for (const metric of ['volumeError', 'volumeErrorThresholded'] as const) {
        const expected = comparisons.find((one) => one.metric === metric);
        assert.deepEqual(tests[metric].conditional, expected?.conditional);
        assert.ok(Math.abs(tests[metric].mean - (expected?.mean ?? NaN)) < 1e-12);
        assert.equal(tests[metric].cases, 14);
      }
      assert.ok(tests.volumeError.significant);
      assert.ok(!tests.volumeErrorThresholded.significant);
    }
  });

  it('call nothing significant with fewer than ten cases, but show interval and p', () => {
    const [few, enough] = [volumeErrorTests(casesOf(9, 5)), volumeErrorTests(casesOf(10, 5))];
    assert.ok(few && enough);
    for (const { volumeError } of [few, enough]) {
      assert.ok(volumeError.conditional.pValue < 0.001);
      assert.ok((volumeError.conditional.interval?.[0] ?? NaN) > 0);
    }
    assert.deepEqual([few.volumeError.significant, enough.volumeError.significant], [false, true]);
    const [text, more] = [few, enough].map((tests) => volumeTestLines(tests, 'ml'));
    assert.match(
      text?.outcomes[0] ?? '',
      /^Mean ΔV: \+\d.* ml, 95 % interval \+\d.* to \+\d.*, p < 0\.001, 9 cases\.$/,
    );
    assert.match(text?.remarks[0] ?? '', /^Only 9 cases: .* nothing is called significant\.$/);
    assert.match(more?.outcomes[0] ?? '', /10 cases: significantly above 0\.$/);
    assert.doesNotMatch(more?.remarks.join('\n') ?? '', /Only/);
  });

  it('name the direction, and are silent on equivalence', () => {
    const tests = volumeErrorTests(casesOf(12, -3));
    assert.ok(tests);
    const { outcomes, remarks } = volumeTestLines(tests, 'hundredPixels');
    assert.match(outcomes[1] ?? '', /^Mean ΔV of the masks \(hard\): −\d.* · 10² px.*: significantly below 0\.$/);
    assert.match(remarks.join('\n'), /Whether newly trained networks would be biased, they cannot tell\./);
    assert.match(remarks.join('\n'), /\(equivalence\) is not tested/);
  });

  it('are not possible for one case, nor for volumes in different units', () => {
    const [one, two] = casesOf(2, 1);
    assert.ok(one && two);
    assert.equal(volumeErrorTests([one]), null);
    assert.equal(volumeErrorTests([one, { ...two, unit: 'hundredPixels' }]), null);
    assert.notEqual(volumeErrorTests([one, two]), null);
  });
});
