import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { reportFiles } from '../../../domain/report/report-files.js';
import { completeReportInput } from './complete-report-input.js';
import { syntheticReportInput, syntheticResultsInput, syntheticRows } from './synthetic-report-input.js';

describe('the files of a sweep that is not finished', () => {
  const partial = { total: 120, evaluated: 7, failed: 1 };
  const files = reportFiles({ ...completeReportInput(), partial });

  it('say so wherever people read them', () => {
    for (const name of ['report.html', 'table1.html', 'table1.txt', 'table1.md', 'table1.tex']) {
      assert.match(files[name] ?? '', /Partial: this sweep is not finished\..*7 of 120 trainings with results/s, name);
    }
    assert.doesNotMatch(files['table1.tex'] ?? '', /all cases of all folds/);
    assert.match(files['table1.json'] ?? '', /"partial":\{/);
  });

  it('say so by their names where programs read them', () => {
    const others = Object.keys(files).filter((name) => !/^(report|table1)\.(html|txt|md|tex|json)$/.test(name));
    assert.ok(others.includes('partial-cases.csv') && others.includes('figures/partial-figure-1-bias.svg'));
    for (const name of others) assert.match(name, /^(figures\/)?partial-/);
  });

  it('count the cases that have results', () => {
    const rows = syntheticRows().filter(({ caseId }) => /[13579]$/.test(caseId));
    const page = reportFiles({ ...syntheticReportInput(syntheticResultsInput(rows)), partial })['report.html'] ?? '';
    const sizes = [...page.matchAll(/<small>([^<]* cases?[^<]*)<\/small>/g)].map(([, text = '']) => text);
    assert.ok(sizes.length > 4);
    for (const size of sizes) assert.match(size, /^\d+ of \d+ cases/);
  });
});
