import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { makingOf } from '../../../domain/report/making.js';
import { copiedPage, storedPage } from '../../../domain/report/page/copied-page.js';
import { renderReport } from '../../../domain/report/page/render-report.js';
import { syntheticReportInput } from './synthetic-report-input.js';

const resources = { peakMemoryBytes: 2e9, seconds: 60, processorSeconds: 90 };
const none = { resumptions: 0, failures: 0 };

describe('how a report was made', () => {
  const making = makingOf([
    { unit: 'scan own', ...none },
    { unit: 'preprocess own/shard-0', ...none, resources: { peakMemoryBytes: 1e9 } },
    { unit: 'train own/unet/sd/fold-0', resources, resumptions: 2, failures: 1 },
    { unit: 'train own/unet/sd/fold-1', resources: { ...resources, peakMemoryBytes: 3e9 }, ...none },
    { unit: 'evaluate own/unet/sd/fold-0', ...none, resources },
    { unit: 'compare own', ...none },
  ]);

  it('sums times over units, takes the largest memory, and counts units that were resumed and that failed', () => {
    const row = { seconds: null, processorSeconds: null, resumed: 0, failed: 0 };
    assert.deepEqual(making.rows, [
      { ...row, dataSet: 'own', units: 3, peakMemoryBytes: 1e9 },
      {
        ...{ dataSet: 'own', arm: { model: 'unet', loss: 'sd' }, units: 3, seconds: 180, processorSeconds: 270 },
        ...{ peakMemoryBytes: 3e9, resumed: 1, failed: 1 },
      },
    ]);
  });

  it('is in the copy of the page alone, from which the stored page follows', () => {
    const page = renderReport(syntheticReportInput());
    assert.deepEqual(storedPage(page), { page, line: undefined });
    const line = '0'.repeat(64);
    const copy = copiedPage(page, { line, making });
    assert.ok(!page.includes('wall time') && copy.includes('wall time'));
    assert.match(
      copy,
      /U-Net SD<\/td><td>3<\/td><td>3\.000<\/td><td>4\.500<\/td><td>3\.000<\/td><td>1<\/td><td>1<\/td>/,
    );
    assert.deepEqual(storedPage(copy), { page, line });
  });

  it('shows names of data sets as text', () => {
    const named = makingOf([{ unit: 'scan $&<b>', ...none }]);
    const copy = copiedPage(renderReport(syntheticReportInput()), { line: 'a'.repeat(64), making: named });
    assert.ok(copy.includes('$&amp;&lt;b&gt;</td>') && storedPage(copy).page === renderReport(syntheticReportInput()));
  });
});
