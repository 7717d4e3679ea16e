import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { table1Csv } from '../../../../domain/report/csv/table1-csv.js';
import { rules, tumourComparisons, tumourResults, tumours } from '../../results/tumours.js';

describe('table1.csv', () => {
  it('has one line a cell with full precision, tests and mark', () => {
    const lines = table1Csv(tumourResults()).trimEnd().split('\n');
    assert.equal(lines.length, 1 + 5 * 4);
    assert.ok(
      lines.includes(
        'tumours,volumeError,ml,lr,sd,native,276.4,4,10,0,2,2,0.5,2.5,0.03,2,1,1,2,0.001,,0.5,0.9,no,,,over,',
      ),
    );
    assert.ok(lines.includes('tumours,volumeError,ml,unet,sd,native,,,,,0,0,,,,,,,,,,,,,,,,0 1'));
    assert.ok(lines.includes('tumours,crossEntropy,,lr,ce,native,0.25,0.5,10,0,2,2,,,,,,,,,,,,,,,better,'));
  });

  it('leaves empty what is not possible, and has adjusted p-values', () => {
    const comparisons = tumourComparisons.map((one) => ({ ...one, includingTraining: null, equivalence: null }));
    const corrected = { ...rules, correction: 'holm' } as const;
    const lines = table1Csv(tumourResults({ comparisons, rules: corrected })).split('\n');
    assert.ok(
      lines.includes('tumours,volumeError,ml,lr,sd,native,276.4,4,10,0,2,2,,,,,,1,2,0.001,0.003,,,,,,over,'),
      lines.join('\n'),
    );
  });

  it("has the theory's bias beside the volume error, where there is one", () => {
    const one = { dataSet: 'tumours', loss: 'ce', predictedVolume: 10.5, expectedVolume: 10.25 };
    const theory = ['a', 'b'].map((caseId) => ({ ...one, caseId }));
    const lines = table1Csv(tumourResults({ theory })).trimEnd().split('\n');
    assert.ok(lines.some((line) => line.startsWith('tumours,volumeError,ml,lr,ce,') && line.endsWith(',0.5,0.25,,')));
    assert.equal(lines.filter((line) => /volumeError,.*,0\.5,0\.25,/.test(line)).length, 2);
  });

  it('quotes names with commas and quotation marks', () => {
    assert.match(table1Csv(tumourResults({ dataSets: [{ ...tumours, name: 'a,"b"' }] })), /^"a,""b""",crossEntropy/m);
  });
});
