import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { qualityCsv } from '../../../../domain/report/csv/quality-csv.js';

describe('quality.csv', () => {
  it('has one line a case, its name quoted where it must be', () => {
    const row = { volumeBefore: 1.5, volumeAfter: 1.25, structureVoxels: 10 };
    const unpredictable = { fieldOfView: 0.25, crop: 0.125, margin: 0, mask: 0.5 };
    const intensities = [
      { lowest: -1, highest: 2.5 },
      { lowest: 0, highest: 7 },
    ];
    const quality = [
      {
        ...{ caseId: 'a, "b"', ...row, unpredictable, nonFiniteVoxels: 3, intensities },
        aligned: [
          { modality: 'T1', outsideVoxels: 0 },
          { modality: 'T2', outsideVoxels: 9 },
        ],
        shearDegrees: 20,
      },
      { caseId: 'c', ...row, unpredictable: { fieldOfView: 0, crop: 0, margin: 0, mask: 0 } },
    ];
    const lines = qualityCsv([{ name: 'own', unit: 'ml', cases: 2, participants: 2, quality }]).split('\n');
    assert.equal(lines.length, 4);
    assert.equal(lines[1], 'own,"a, ""b""",ml,1.5,1.25,10,0.25,0.125,0,0.5,0.875,3,-1 0,2.5 7,T1 T2,0 9,20');
    assert.equal(lines[2], 'own,c,ml,1.5,1.25,10,0,0,0,0,0,0,,,,,');
  });
});
