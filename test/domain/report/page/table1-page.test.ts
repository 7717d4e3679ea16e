import assert from 'node:assert/strict';
import { it } from 'node:test';
import { renderReport } from '../../../../domain/report/page/render-report.js';
import { table1Page } from '../../../../domain/report/page/table1-page.js';
import { syntheticReportInput, syntheticResultsInput } from '../synthetic-report-input.js';

it('table1.html has the very table of the report, and its warning of collapses', () => {
  const collapse = { dataSet: 'phantom-2d-low', model: 'lr', loss: 'sd', fold: 0, kept: true, sinceEpoch: 2 };
  const input = syntheticReportInput(syntheticResultsInput(undefined, { collapses: [collapse] }));
  const table = /<table>\s*<caption>Table 1\..*?<\/table>/s;
  const [own] = table.exec(table1Page(input)) ?? [];
  assert.ok(own !== undefined && own.length > 1000);
  assert.equal(own, table.exec(renderReport(input))?.[0]);
  assert.match(table1Page(input), /1 training collapsed \(LR SD on phantom-2d-low\)/);
});
