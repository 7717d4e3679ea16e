import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caseNotes } from '../../../../domain/report/page/case-notes.js';
import { renderReport } from '../../../../domain/report/page/render-report.js';
import type { PreparedDataSet } from '../../../../domain/results/results-input.js';
import { resultsOf } from '../../../../domain/results/results-of.js';
import { syntheticReportInput, syntheticResultsInput } from '../synthetic-report-input.js';

const plain: PreparedDataSet = { name: 'lesions', unit: 'ml', cases: 3, participants: 3, quality: [] };

function notesOf(...dataSets: readonly PreparedDataSet[]): string {
  return caseNotes(resultsOf(syntheticResultsInput([], { dataSets })).dataSets).source;
}

describe('remarks on cases', () => {
  it('are omitted if there are none', () => {
    assert.equal(notesOf(plain, { ...plain, excluded: [], warnings: [] }), '');
    assert.ok(!renderReport(syntheticReportInput()).includes('Remarks on cases'));
  });

  it('name every excluded case with its reason and escape names', () => {
    const excluded = [
      { caseId: '<b>x</b>', reason: 'imagesTr/<b>x</b>_0000.nii: it is empty' },
      { caseId: 'y', reason: 'missing: labelsTr/y.nii' },
    ];
    const source = notesOf({ ...plain, excluded });
    assert.match(source, /2 of 5 cases excluded/);
    assert.match(source, /&lt;b&gt;x&lt;\/b&gt;<\/td><td class="text wrap">imagesTr\/&lt;b&gt;/);
    assert.match(source, /missing: labelsTr\/y\.nii/);
    assert.ok(!source.includes('<b>'));
    const input = syntheticResultsInput();
    const dataSets = [{ ...plain, excluded }, ...input.dataSets];
    const page = renderReport(syntheticReportInput({ ...input, dataSets }));
    assert.ok(page.includes(source));
  });

  it('name warnings with their cases, and voxels set to 0', () => {
    const row = {
      volumeBefore: 1,
      volumeAfter: 1,
      structureVoxels: 1,
      unpredictable: { fieldOfView: 0, crop: 0, margin: 0, mask: 0 },
    };
    const cases = Array.from({ length: 12 }, (_, index) => `c${index}`);
    const source = notesOf({
      ...plain,
      warnings: [{ warning: 'no participants file', cases }],
      quality: [
        { caseId: 'a', ...row, nonFiniteVoxels: 3 },
        { caseId: 'b', ...row, aligned: [{ modality: 'T2', outsideVoxels: 7 }], shearDegrees: 20 },
      ],
    });
    assert.match(source, /no participants file \(c0, .*, c9, and 2 more\)/);
    assert.match(source, /3 NaN or infinite voxels in 1 case set to 0 \(a\)/);
    assert.match(source, /modalities of 1 case interpolated onto .* \(b\); 7 voxels outside/);
    assert.match(source, /axes of 1 case are not perpendicular, by up to 20.*° \(b\)\. Resampled voxels keep/);
  });
});
