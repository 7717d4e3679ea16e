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
        const cell = `>${formatSigned(estimate.value)}<br><small class="note">${formatInterval(estimate.interval)}</small></td>`;
        assert.ok(page.includes(cell), cell);
      }
      for (const { cases, meanVolumeError } of terciles) {
        assert.match(page, new RegExp(`>\\${formatSigned(meanVolumeError ?? NaN)}<br>[^/]*, n = ${cases}</small>`));
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
        ['class="whisker"', 3 * arms],
      ] as const) {
        assert.equal(figure.split(name).length - 1, count, name);
      }
    }
  });

  it('says so where an arm has no results or too few', () => {
    const only = syntheticRows().filter(({ model, caseId }) => model === 'lr' && caseId.endsWith('-001'));
    const page = sectionOf(syntheticResultsInput(only, { comparisons: [] }));
    assert.equal(page.match(/no results/g)?.length, 4 * 2);
    assert.doesNotMatch(page, /NaN|undefined|null|Infinity/);
  });
});
