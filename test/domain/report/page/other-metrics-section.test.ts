import assert from 'node:assert/strict';
import { it } from 'node:test';

import { otherMetricsSection } from '../../../../domain/report/page/other-metrics-section.js';
import { formatNumber } from '../../../../domain/report/words/format-number.js';
import { traceWords } from '../../../../domain/report/words/trace-words.js';
import { resultsOf } from '../../../../domain/results/results-of.js';
import { syntheticOrigins } from '../synthetic-origins.js';
import { syntheticResultsInput, syntheticRows } from '../synthetic-report-input.js';

it('the other metrics are means over the cases that have them, with the number of these where it differs', () => {
  const input = syntheticResultsInput();
  const page = otherMetricsSection(resultsOf(input), 2, traceWords('s', syntheticOrigins(input))).source;
  assert.match(page, /normalised surface Dice, within 2 mm/);
  const rows = syntheticRows().filter(
    (row) => row.dataSet === 'phantom-3d-high' && row.model === 'unet' && row.loss === 'sd',
  );
  const valuesOf: Readonly<Record<string, readonly (number | null)[]>> = {
    jaccard: rows.map(({ scores }) => scores.jaccard),
    hausdorff95Mm: rows.map(({ scores }) => scores.hausdorff95Mm),
  };
  for (const [name, values] of Object.entries(valuesOf)) {
    const defined = values.filter((value) => value !== null);
    const mean = formatNumber(defined.reduce((sum, value) => sum + value, 0) / defined.length);
    const note =
      defined.length < rows.length
        ? `<br><small class="note"><span class="part">n = ${defined.length}</span></small>`
        : '';
    const cell = `title="volbias trace s phantom-3d-high.unet.sd.${name} [^"]*">${mean}${note}</td>`;
    assert.match(page, new RegExp(cell), name);
  }
  assert.equal(valuesOf['hausdorff95Mm']?.filter((value) => value === null).length, 1);
});
