import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { renderReport } from '../../../../domain/report/page/render-report.js';
import { formatNumber, formatSigned } from '../../../../domain/report/words/format-number.js';
import { syntheticReportInput, syntheticResultsInput, syntheticRows } from '../synthetic-report-input.js';

describe('the report', () => {
  it('says of each mean, test, case and mark how to trace it, and from which units it is', () => {
    const input = syntheticReportInput();
    const page = renderReport(input);
    const { dataSets, trainings } = input.origins;
    for (const { name, arms } of input.results.dataSets) {
      const tests = dataSets.find((one) => one.name === name)?.units.find(({ unit }) => unit === `compare ${name}`);
      const tested = `volbias trace ${input.sweepId} &#39;compare ${name}&#39; (its key: ${tests?.key.slice(0, 12)})`;
      for (const { model, loss, cells, otherGrid } of arms) {
        const own = trainings.filter((one) => one.dataSet === name && one.model === model && one.loss === loss);
        const keys = own.map(({ evaluation }) => evaluation.key.slice(0, 12));
        const command = `volbias trace ${input.sweepId} ${name}.${model}.${loss}.volumeError`;
        const origin = `${command} (keys of its evaluations: ${keys.join(', ')})`;
        const mean = cells.volumeError.mean ?? NaN;
        assert.ok(keys.length === 5 && page.includes(`title="${origin}">${formatNumber(mean)}<`), 'Table 1');
        assert.ok(page.includes(`title="${origin}; ${tested}"><span class="part">${formatSigned(mean)}`), 'Table 2');
        assert.ok(page.includes(`title="${origin}">${formatNumber(otherGrid?.means.volumeError ?? NaN)}<`), 'Table 3');
        assert.match(page, new RegExp(`<title>ΔV [^<]*: ${origin.replace(/[()]/g, '.')}</title>`), 'Figure 1');
        const [one] = input.results.source.rows.filter((row) => row.dataSet === name && row.fold === 3);
        const fold = own.find((training) => training.fold === 3)?.evaluation.key.slice(0, 12);
        const ofCase = `${command}.${one?.caseId} (key of its evaluation: ${fold})`;
        assert.ok(page.includes(`<td title="${ofCase}">`), 'the table of cases');
        assert.match(
          page,
          new RegExp(`<title>${one?.caseId}, ΔV [^<]*: ${ofCase.replace(/[()]/g, '.')}</title>`),
          'a dot',
        );
      }
      assert.ok(page.includes(`<td title="${tested}">`), 'the tests of pairs');
    }
  });

  it('says so of every number in a table, except in the list of keys itself', () => {
    const { dataSets, ...others } = syntheticResultsInput();
    const ofPaper = dataSets.map((one) => (one.unit === 'ml' ? { ...one, paperDataSet: 'BRATS 2018' as const } : one));
    const page = renderReport(syntheticReportInput({ ...others, dataSets: ofPaper }));
    const tables = page.slice(0, page.indexOf('<section id="origins">'));
    let numbers = 0;
    for (const [, row = '', cells = ''] of tables.matchAll(/<tr([^>]*)>([\s\S]*?)<\/tr>/g)) {
      for (const [cell, attributes = '', text = ''] of cells.matchAll(/<td([^>]*)>([\s\S]*?)<\/td>/g)) {
        if (!/\d/.test(text.replace(/<[^>]+>/g, ''))) continue;
        assert.match(`${row} ${attributes}`, /title="(volbias trace |Table 1 of Bertels)/, cell);
        numbers++;
      }
    }
    assert.ok(numbers > 200, `${numbers}`);
  });

  it('quotes names of cases that a shell would not take for one word', () => {
    const rows = syntheticRows().map((row) => ({ ...row, caseId: `${row.caseId} it's` }));
    const page = renderReport(syntheticReportInput(syntheticResultsInput(rows)));
    assert.ok(
      page.includes('&#39;phantom-2d-low.lr.ce.volumeError.phantom-2d-low-001 it&#39;\\&#39;&#39;s&#39; (key of its'),
    );
  });

  it('lists the key and digest of every unit behind the numbers, with the chosen epochs, and how to verify them', () => {
    const input = syntheticReportInput();
    const { specification, dataSets, trainings } = input.origins;
    const text = renderReport(input)
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ');
    const section = text.slice(text.indexOf('Where these numbers come from'));
    assert.ok(section.includes(specification));
    for (const { unit, key, digest } of dataSets.flatMap(({ units }) => units)) {
      assert.match(section, new RegExp(`${unit} (.lists the SHA-256 of (120|80) files. )?${key} ${digest}`));
    }
    for (const { evaluation, training, fold } of trainings) {
      assert.ok(section.includes(`${fold}: ${evaluation.key.slice(0, 12)} (${training.bestEpoch})`));
      assert.ok(section.includes(`${training.unit} (epoch ${training.bestEpoch}) ${training.key} ${training.digest}`));
      assert.ok(section.includes(`${evaluation.unit} ${evaluation.key} ${evaluation.digest}`));
    }
    assert.match(
      section,
      /volbias verify quickstart-5f2c9a1be07d --deep .* records this page: .* volbias verify --head shows/,
    );
  });
});
