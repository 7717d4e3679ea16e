import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { renderReport } from '../../../../domain/report/page/render-report.js';
import { table1Markdown } from '../../../../domain/report/table1/table1-markdown.js';
import { table1Text } from '../../../../domain/report/table1/table1-text.js';
import type { CollapsedTraining } from '../../../../domain/results/results-input.js';
import { syntheticReportInput, syntheticResultsInput } from '../synthetic-report-input.js';

const place = { dataSet: 'phantom-3d-high', model: 'unet', loss: 'sd' };
const collapses: readonly CollapsedTraining[] = [
  { ...place, fold: 4, kept: true, sinceEpoch: 1 },
  { ...place, fold: 2, kept: true, sinceEpoch: 7 },
  { ...place, model: 'convnet', fold: 0, kept: false, sinceEpoch: 3 },
];

/** Arms in the order of Table 1, folds in ascending order. */
const notes = [
  'phantom-3d-high, ConvNet SD: directly after the best epoch, the network predicts the same probability at every voxel in fold 0 (since epoch 3).',
  'phantom-3d-high, U-Net SD: the network predicts the same probability at every voxel in folds 2 (since epoch 7) and 4 (since epoch 1).',
];

describe('collapsed trainings', () => {
  const input = syntheticResultsInput();
  const collapsed = syntheticReportInput({ ...input, collapses });

  it('are named above all else with arm and folds, in the report and wherever the table is printed', () => {
    const page = renderReport(collapsed);
    const warning = page.slice(page.indexOf('id="collapsed"'));
    assert.ok(page.indexOf('id="collapsed"') < page.indexOf('class="findings"'));
    assert.match(warning, /3 trainings collapsed \([^)]*\); the means include them\./);
    for (const note of notes) assert.ok(warning.includes(`<li>${note}</li>`), note);
    assert.ok(warning.indexOf(notes[0] ?? '') < warning.indexOf(notes[1] ?? ''));

    const text = table1Text(collapsed.results);
    const expected = [
      'WARNING: 3 trainings collapsed (U-Net SD on phantom-3d-high and ConvNet SD on phantom-3d-high); the means include them.',
      ...notes.map((n) => `  ${n}`),
      '',
      '',
    ];
    assert.ok(text.startsWith(expected.join('\n')), text);
    const markdown = table1Markdown(collapsed.results);
    for (const note of notes) assert.ok(markdown.includes(note), markdown);
  });

  it('are named with their repeats, in the order of folds and repeats', () => {
    const repeated = [2, 0, 1].map((repeat): CollapsedTraining => ({
      ...{ ...place, fold: 3, kept: true, sinceEpoch: 1 },
      ...(repeat > 0 && { repeat }),
    }));
    const { results } = syntheticReportInput({ ...input, collapses: repeated });
    const folds = 'folds 3 (since epoch 1), 3 (repeat 1, since epoch 1) and 3 (repeat 2, since epoch 1).';
    assert.ok(table1Text(results).includes(folds), table1Text(results));
  });

  it('are not mentioned where there are none', () => {
    const plain = syntheticReportInput(input);
    for (const text of [renderReport(plain), table1Text(plain.results), table1Markdown(plain.results)]) {
      assert.doesNotMatch(text, /collapsed/);
    }
  });

  it('use the singular for one training and escape names', () => {
    const name = '<b>x</b>';
    const renamed = {
      ...input,
      dataSets: input.dataSets.map((one) => ({ ...one, name })).slice(0, 1),
      collapses: [{ dataSet: name, model: 'lr', loss: 'ce', fold: 0, kept: true, sinceEpoch: 1 }],
    };
    const page = renderReport(syntheticReportInput(renamed));
    assert.match(page, /1 training collapsed \(LR CE on [^)]*\); the means include it\./);
    assert.ok(page.includes('&lt;b&gt;x&lt;/b&gt;, LR CE: the network predicts') && !page.includes('<b>x'));
  });
});
