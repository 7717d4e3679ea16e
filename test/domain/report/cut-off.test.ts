import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { extraRows, legendOf } from '../../../domain/report/table1/table1-labels.js';
import { table1Csv } from '../../../domain/report/csv/table1-csv.js';
import { table1Markdown } from '../../../domain/report/table1/table1-markdown.js';
import { table1Text } from '../../../domain/report/table1/table1-text.js';
import { findingText } from '../../../domain/report/words/finding-text.js';
import type { Results } from '../../../domain/results/results.js';
import { formatNumber } from '../../../domain/report/words/format-number.js';
import { renderReport } from '../../../domain/report/page/render-report.js';
import { syntheticGalleryOf } from './synthetic-gallery.js';
import { syntheticReportInput, syntheticResultsInput, syntheticRows } from './synthetic-report-input.js';
import { row, tumourResults } from '../results/tumours.js';

/** Two cases of 10 ml, of which a network can see all and all but `lost`. */
function resultsWith(lost: number): Results {
  const cut = { unpredictableVolume: lost, volumeError: 2.5 + lost };
  return tumourResults({ rows: [row({}), row({ caseId: 'b', participant: 'b', fold: 1, ...cut })] });
}

const remarksOf = (results: Results): string =>
  results.dataSets.flatMap((dataSet) => findingText(dataSet, results).remarks).join('\n');

describe('what no network could see', () => {
  it('is told nowhere if there is none of it', () => {
    const results = resultsWith(0);
    assert.ok(results.dataSets.every((dataSet) => extraRows(dataSet).length === 0));
    for (const text of [table1Text(results), table1Markdown(results), remarksOf(results)])
      assert.doesNotMatch(text, /cut off|could see/);
  });

  it('has a row in Table 1, with the mean over the cases', () => {
    const results = resultsWith(0.125);
    // (0 + 0.125) / 2 ml of 10 ml: 0.6 %.
    assert.deepEqual(extraRows(results.dataSets[0] as Results['dataSets'][number])[0]?.cells[0], '0.063');
    assert.match(table1Text(results), /\n *cut off \(ml\) +0\.063 /);
    assert.match(table1Markdown(results), /\n\| {2}\| cut off \(ml\) \| 0\.063 \|/);
    assert.ok(legendOf(results).some((line) => line.startsWith('cut off: mean true volume that no network could')));
    assert.match(
      table1Csv(results),
      /,mean_true_volume,mean_unpredictable_volume,(.*\n)+tumours,volumeError,ml,lr,ce,native,2\.5625,4,10,0\.0625,2,2,/,
    );
    assert.equal(remarksOf(results), remarksOf(resultsWith(0)));
  });

  it('is in no true volume that stands beside ΔV, and the captions say so', () => {
    const page = renderReport(syntheticReportInput());
    assert.doesNotMatch(page, /True volumes are without|of which networks saw/);
    const rows = syntheticRows().map((one) => {
      const unpredictableVolume = one.truthVolume / 2;
      return { ...one, unpredictableVolume, volumeError: one.volumeError + unpredictableVolume };
    });
    const [first] = rows;
    const cut = renderReport(syntheticReportInput(syntheticResultsInput(rows)));
    // Of the dots, the table of cases and the terciles.
    assert.equal(cut.match(/True volumes are without what no network could see/g)?.length, 2 + 4);
    const volume = formatNumber((first?.truthVolume ?? NaN) / 2);
    assert.match(
      cut,
      new RegExp(`scope="row">${first?.caseId}</th><td [^>]*>0</td><td [^>]*>${volume.replace('.', '\\.')}</td>`),
    );
    const gallery = [syntheticGalleryOf('phantom-3d-high', rows)];
    assert.match(
      renderReport({ ...syntheticReportInput(), gallery }),
      /true [\d.]+ ml, of which networks saw [\d.]+ ml/,
    );
  });

  it('is a warning in the table and in the card from 1 % of the true volume on', () => {
    const results = resultsWith(2.5);
    assert.match(table1Text(results), /cut off \(ml\) +1\.250⚠/);
    assert.match(table1Markdown(results), /cut off \(ml\) \| 1\.250 ⚠/);
    assert.match(
      remarksOf(results),
      /No network could see 1\.25 ml \(12\.5 %\) of the true volume, which lies outside the crop, the mask or/,
    );
  });
});
