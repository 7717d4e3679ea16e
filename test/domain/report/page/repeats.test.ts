import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { renderReport } from '../../../../domain/report/page/render-report.js';
import { syntheticReportInput, syntheticResultsInput, syntheticRows } from '../synthetic-report-input.js';

/** The text of a page without its style, with single spaces. */
function textOf(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

describe('the report of a sweep with repeats', () => {
  it('says how often trainings were repeated, and names the repeat of each gap', () => {
    const rows = syntheticRows()
      .flatMap((row) => [row, { ...row, repeat: 1 }])
      .filter(({ dataSet, model, loss, fold, repeat }) => {
        return !(dataSet === 'phantom-3d-high' && model === 'unet' && loss === 'sd' && fold === 3 && repeat === 1);
      });
    const page = renderReport(
      syntheticReportInput(syntheticResultsInput(rows, { repeats: 2 }), { rerunCommand: 'volbias rerun s --failed' }),
    );
    const text = textOf(page);
    assert.match(
      text,
      /Table 1\. [^.]* each case was predicted by the 2 networks \(repeats\) trained without its fold\./,
    );
    assert.match(text, /2 repeats of each training; each case counts with its mean over them/);
    assert.match(text, /Incomplete: 1 training without results\. Means marked † include fewer cases or repeats/);
    assert.match(text, /Fold Repeat Reason phantom-3d-high U-Net SD 3 1 no result was recorded/);
    assert.match(text, /Some trainings have no results/);
    assert.match(text, /Dots are means over the repeats/);
    assert.equal(page.match(/▲†<\/span>/g)?.length, 2); // ΔV and ΔV hard of that arm
    // A dot for each case and no more: equal repeats change neither figure nor means.
    const once = renderReport(syntheticReportInput());
    const dotsOf = (html: string): string[] => html.match(/<path d="M[\d.]+ [\d.]+h0">/g) ?? [];
    const twice = renderReport(syntheticReportInput(syntheticResultsInput(rows, { repeats: 2 })));
    assert.deepEqual(dotsOf(twice), dotsOf(once));
    assert.doesNotMatch(textOf(once), /repeat/i);
  });
});
