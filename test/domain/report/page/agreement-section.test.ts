import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agreementSection } from '../../../../domain/report/page/agreement-section.js';
import { formatInterval, formatSigned } from '../../../../domain/report/words/format-number.js';
import { traceWords } from '../../../../domain/report/words/trace-words.js';
import { resultsOf } from '../../../../domain/results/results-of.js';
import type { ResultsInput } from '../../../../domain/results/results-input.js';
import { syntheticOrigins } from '../synthetic-origins.js';
import { syntheticResultsInput, syntheticRows } from '../synthetic-report-input.js';

const sectionOf = (input: ResultsInput): string =>
  agreementSection(resultsOf(input), traceWords('s', syntheticOrigins(input))).source;

describe('the agreement of volumes', () => {
  it('shows limits, slope and terciles of every arm', () => {
    const input = syntheticResultsInput();
    const page = sectionOf(input);
    for (const { agreement, terciles } of resultsOf(input).dataSets.flatMap(({ arms }) => arms)) {
      assert.ok(agreement !== null);
      for (const estimate of [agreement.lowerLimit, agreement.upperLimit, agreement.slope]) {
        assert.ok(estimate?.interval != null);
        const cell = `>${formatSigned(estimate.value)}<br><small class="note"><span class="part">${formatInterval(estimate.interval)}</span></small></td>`;
        assert.ok(page.includes(cell), cell);
      }
      for (const { cases, meanVolumeError } of terciles) {
        assert.match(
          page,
          new RegExp(
            `>\\${formatSigned(meanVolumeError ?? NaN)}<br><small class="note"><span class="part">[^/]*,</span> <span class="part">n = ${cases}</span></small>`,
          ),
        );
      }
    }
  });

  it('draws one dot a case, also with repeats, and three lines with intervals and a slope an arm', () => {
    const rows = syntheticRows();
    const repeated = rows.flatMap((row) => [row, { ...row, repeat: 1 }]);
    for (const input of [syntheticResultsInput(rows), syntheticResultsInput(repeated, { repeats: 2 })]) {
      const [figure = ''] = /<figure>.*?<\/figure>/s.exec(sectionOf(input)) ?? [];
      assert.equal(figure.match(/h0"><title>/g)?.length, rows.length);
      const arms = 4 * 3 * 2;
      for (const [name, count] of [
        ['class="mean"', arms],
        ['class="curve thin dash-2"', 2 * arms],
        ['class="curve"', arms],
        ['class="whisker"', arms],
        ['class="whisker thin dash-2"', 2 * arms],
      ] as const) {
        assert.equal(figure.split(name).length - 1, count, name);
      }
    }
  });

  it('has the whiskers of means and of limits at places of their own, and says which is which and by which test', () => {
    const base = syntheticResultsInput();
    for (const [decides, words] of [
      ['includingTraining', 'including the training'],
      ['conditional', 'conditional on these trained networks'],
    ] as const) {
      const page = sectionOf({ ...base, rules: { ...base.rules, decides } });
      const panels = page.split('class="zero"').slice(1);
      assert.equal(panels.length, 4 * 3);
      for (const panel of panels) {
        const placesOf = (name: string): string[] =>
          [...panel.matchAll(new RegExp(`class="${name}" d="M([\\d.]+) `, 'g'))].map(([, x = '']) => x);
        const [means, limits] = [placesOf('whisker'), placesOf('whisker thin dash-2')];
        assert.deepEqual([means.length, limits.length], [2, 4]);
        assert.equal(new Set([...means, ...limits]).size, 4);
      }
      const [legend = ''] = /<ul class="legend">.*?<\/ul>/s.exec(page) ?? [];
      for (const text of [
        'CE: a case, trained with cross-entropy',
        'mean difference',
        'limits of agreement',
        'proportional bias',
        `95 % confidence interval of the mean, ${words}`,
        '95 % confidence interval of a limit, conditional on these trained networks',
      ])
        assert.ok(legend.includes(`</svg>${text}</li>`), text);
      assert.ok(
        page.includes(`that of the mean by the test ${words}, as in Figure 1, and beside it, dotted, those of`),
      );
      assert.match(page, /The latter and that of the slope in Table 4 are conditional on these trained networks\./);
    }
  });

  it('says how equal volumes are divided between terciles only where there are such', () => {
    const words = 'Cases of equal volume on both sides of a boundary are divided by the order of their ids.';
    const rows = syntheticRows();
    assert.ok(!sectionOf(syntheticResultsInput(rows)).includes(words));
    const equal = rows.map((row) => (row.dataSet === 'phantom-2d-low' ? { ...row, truthVolume: 2.65 } : row));
    const page = sectionOf(syntheticResultsInput(equal));
    assert.match(page, />2\.650 to 2\.650,</);
    assert.equal(page.split(words).length - 1, 1);
  });

  it('says so where an arm has no results or too few', () => {
    const only = syntheticRows().filter(({ model, caseId }) => model === 'lr' && caseId.endsWith('-001'));
    const page = sectionOf(syntheticResultsInput(only, { comparisons: [] }));
    assert.equal(page.match(/no results/g)?.length, 4 * 2);
    assert.doesNotMatch(page, /NaN|undefined|null|Infinity/);
  });
});
