import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { reportFiles } from '../../domain/report/report-files.js';
import { table1Json } from '../../domain/report/table1/table1-json.js';
import type { Comparison } from '../../domain/statistics/compare-losses.js';
import { syntheticReportInput } from '../domain/report/synthetic-report-input.js';
import { rules, tumourComparisons, tumourResults } from '../domain/results/tumours.js';
import { repositoryRoot } from '../support/paths.js';
import {
  captionOf,
  hippocampusTable,
  markersOf,
  processorsOf,
  quickstartTable,
  withTable,
  type Table1,
} from './readme-tables.js';

const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');

/** A report on two cases in which U-Net with soft Dice failed, as its own table1.json states it. */
function tumourTable(changes: Parameters<typeof tumourResults>[0] = {}): Table1 {
  const one = { dataSet: 'tumours', loss: 'sd', predictedVolume: 13, expectedVolume: 10.5 };
  const theory = ['a', 'b'].map((caseId) => ({ ...one, caseId }));
  return JSON.parse(table1Json(tumourResults({ theory, ...changes }))) as Table1;
}

describe('README’s tables', () => {
  it('of the quickstart show means, marks, equivalence, and theory with its expectation', () => {
    assert.equal(
      quickstartTable(tumourTable()),
      `| mean ΔV | mean true volume | LR CE | LR SD | U-Net CE | U-Net SD | theory, CE | theory, SD |
|---|---:|---:|---:|---:|---:|---:|---:|
| tumours (ml) | 10.00 | 0.250 ≈ | **276** ▲ | _−6.78_ ▼ | — | — | 3.00 (2.50) |`,
    );
  });

  it('of hippocampus show the metrics of one data set', () => {
    assert.equal(
      hippocampusTable(tumourTable()),
      `| mean of 2 cases | LR CE | LR SD | U-Net CE | U-Net SD |
|---|---:|---:|---:|---:|
| ΔV in ml (mean true volume 10.00) | 0.250 ≈ | **276** ▲ | _−6.78_ ▼ | — |
| Dice | 0.750 | 0.750 | 0.750 | — |
| 1 − SD | 0.500 | 0.500 | 0.500 | — |
| CE | 0.250 | 0.250 | 0.250 | — |`,
    );
  });

  it('have a caption with test, margin, grid, processors and close outcomes', () => {
    const trained: Comparison[] = tumourComparisons.map((one) =>
      one.includingTraining?.pValue === 0.03
        ? { ...one, includingTraining: { ...one.includingTraining, pValue: 0.04 } }
        : one,
    );
    const includingTraining = { rules: { ...rules, decides: 'includingTraining' as const }, comparisons: trained };
    const caption = captionOf(tumourTable(includingTraining), ['A', 'B']);
    assert.equal(
      caption,
      `▲ significantly above 0, ▼ below (test including the training, p < 0.05, not corrected for multiple tests);
≈ shown to lie within ±5 % of the mean true volume (equivalence test).
Measured on the native grid (of the original masks). Processor: A and B.
Another processor may change the last digits, and outcomes with p close to 0.05, here LR SD (p = 0.040).`,
    );
    // p = 0.001, 0.01 and 0.4 are far from 0.05; the equivalence of LR CE is made close.
    assert.match(captionOf(tumourTable(), ['A']), /of which there are none here\.$/);
    const comparisons = tumourComparisons.map((one) =>
      one.equivalence?.pValue === 0.01 ? { ...one, equivalence: { ...one.equivalence, pValue: 0.06 } } : one,
    );
    assert.match(captionOf(tumourTable({ comparisons }), ['A']), /, here LR CE \(equivalence, p = 0\.060\)\.$/);
  });

  it('name the processors of the report’s own page', () => {
    const input = syntheticReportInput();
    const machine = (processor: string) => ({ made: [], facts: [{ name: 'processor', value: processor }] });
    const page = (...processors: string[]): string =>
      reportFiles({ ...input, machines: processors.map(machine) })['report.html'] ?? '';
    assert.deepEqual(processorsOf(page('B; A', 'B')), ['A', 'B']);
    assert.throws(() => processorsOf(page()), /names no processor/);
  });

  it('lie between markers, and replace what was there', () => {
    for (const name of ['quickstart', 'hippocampus'] as const) {
      for (const marker of markersOf(name)) assert.equal(readme.split(marker).length, 2, marker);
      const [start, end] = markersOf(name);
      assert.equal(withTable(`a\n${start}\nold\n${end}\nb`, name, 'new'), `a\n${start}\n\nnew\n\n${end}\nb`);
      assert.throws(() => withTable('', name, 'new'), /no markers/);
    }
  });
});
