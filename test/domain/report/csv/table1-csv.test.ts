import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { table1Csv } from '../../../../domain/report/csv/table1-csv.js';
import { tumourResults, tumours } from '../../results/tumours.js';

describe('table1.csv', () => {
  it('has one line a cell with full precision, interval, p and mark', () => {
    const lines = table1Csv(tumourResults()).trimEnd().split('\n');
    assert.equal(lines.length, 1 + 5 * 4);
    assert.ok(lines.includes('tumours,volumeError,ml,lr,sd,native,276.4,4,2,2,1,2,0.001,over,'));
    assert.ok(lines.includes('tumours,volumeError,ml,unet,sd,native,,,0,0,,,,,0 1'));
    assert.ok(lines.includes('tumours,crossEntropy,,lr,ce,native,0.25,0.5,2,2,,,,better,'));
  });

  it('quotes names with commas and quotation marks', () => {
    assert.match(table1Csv(tumourResults({ dataSets: [{ ...tumours, name: 'a,"b"' }] })), /^"a,""b""",crossEntropy/m);
  });
});
