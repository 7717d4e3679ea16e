import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { significanceCsv } from '../../../../domain/report/csv/significance-csv.js';
import { rules, tumourComparisons, tumourResults } from '../../results/tumours.js';

const linesOf = (...changes: Parameters<typeof tumourResults>): string[] =>
  significanceCsv(tumourResults(...changes))
    .trimEnd()
    .split('\n');

describe('significance.csv', () => {
  it('has each comparison once, with both tests and equivalence', () => {
    const lines = linesOf();
    assert.equal(lines.length, 1 + tumourComparisons.length);
    assert.ok(
      lines.includes(
        'tumours,volumeError,ml,lr,sd,,276.4,12,12,0.5,2.5,0.03,2,1,1,2,0.001,conditional,,yes,0.5,0.6,2.4,0.9,no',
      ),
    );
    assert.ok(
      lines.includes('tumours,dice,,lr,sd,ce,0.1,12,12,0.5,2.5,0.3,2,1,1,2,0.01,conditional,,yes,,,,,'),
      lines.join('\n'),
    );
  });

  it('has the outcome of the test that decides, and adjusted p-values of the tests against 0 alone', () => {
    const lines = linesOf({ rules: { ...rules, decides: 'includingTraining', correction: 'holm' } });
    const decided = (start: string): string[] | undefined =>
      lines
        .find((line) => line.startsWith(start))
        ?.split(',')
        .slice(17, 20);
    // Holm of 0.03, 0.2 and 0.6: 3 · 0.03 = 0.09.
    assert.deepEqual(decided('tumours,volumeError,ml,lr,sd,,'), ['includingTraining', '0.09', 'no']);
    assert.deepEqual(decided('tumours,crossEntropy,,lr,sd,ce,'), ['includingTraining', '', 'yes']);
  });

  it('leaves empty what is not possible', () => {
    const impossible = { includingTraining: null, equivalence: null };
    const comparisons = tumourComparisons.map((one) => ({ ...one, ...impossible }));
    const lines = linesOf({ comparisons });
    assert.ok(
      lines.includes('tumours,volumeError,ml,lr,sd,,276.4,12,12,,,,,,1,2,0.001,conditional,,yes,,,,,'),
      lines.join('\n'),
    );
  });
});
